# The front door.  Meson and Ninja do the work; script/test and script/demo
# install what is missing and come here.
B ?= build
SOURCES = $(shell find src tests -path "*/node_modules" -prune -o -name '*.[ch]' -print | sort)
SECONDS ?= 60

all: $(B)/build.ninja
	@ninja -C $(B)

$(B)/build.ninja:
	@meson setup $(B) $(SETUP)

# Units, replays, fuzz corpora and lints, in the build B.
check: all
	@meson test -C $(B) --no-rebuild --print-errorlogs $(TESTS); rc=$$?; \
	tests/sum < $(B)/meson-logs/testlog.txt; exit $$rc

# The same under AddressSanitizer and UndefinedBehaviorSanitizer.
check-asan:
	@$(MAKE) --no-print-directory check B=build-asan \
	    SETUP='-Db_sanitize=address,undefined -Db_lundef=false'

# Every suite; the last line is the sum, "N passed, N failed".
test:
	@tests/run $(SUITES)

demo:
	@script/demo

# Each fuzz target for SECONDS seconds (needs clang).
fuzz:
	@CC=clang $(MAKE) --no-print-directory all B=build-fuzz \
	    SETUP='-Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false'
	@tests/fuzz/run build-fuzz $(SECONDS)

format:
	@clang-format -i $(SOURCES)

lint:
	@for check in format layers layers-selftest limits banned documented settings spdx; do \
	    echo "$$check:"; tests/lint/$$check src || [ $$? = 77 ] || exit 1; done
	@echo "Above complexity 15 or 60 lines; split where it reads better:"
	@pmccabe $(filter src/%.c,$(SOURCES)) | \
	    awk '$$1 > 15 || $$5 > 60 { print $$1, $$5, $$6, $$7 }' | sort -rn

clean:
	@rm -rf build build-asan build-fuzz

.PHONY: all check test demo check-asan fuzz format lint clean
