# The front door.  Meson and Ninja do the work; script/test and script/demo
# install what is missing and come here.
B ?= build
SOURCES = $(shell find src tests bench examples -path "*/node_modules" -prune -o -name '*.[ch]' -print | sort)
SECONDS ?= 60

all: $(B)/build.ninja
	@ninja -C $(B)

$(B)/build.ninja:
	@meson setup $(B) $(SETUP)

# Installs the program, the library, its headers and the man pages: below
# PREFIX (/usr/local), all of it in DESTDIR if that is given.
install: all
	@[ -z "$(PREFIX)" ] || meson configure $(B) --prefix="$(PREFIX)"
	@meson install -C $(B) $(if $(DESTDIR),--destdir "$(abspath $(DESTDIR))")

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

# The unit tests under valgrind, leaks looked for too.  UNITS: of which folders.
check-valgrind: all
	@tests/valgrind/run $(B) $(UNITS)

# Each fuzz target (or TARGETS: mailauth, text/uri ...) for SECONDS seconds,
# JOBS at once; needs clang.
fuzz: build-fuzz/build.ninja
	@tests/fuzz/run build-fuzz $(SECONDS) $(TARGETS)

build-fuzz/build.ninja:
	@CC=clang meson setup build-fuzz -Dfuzz=true \
	    -Db_sanitize=address,undefined -Db_lundef=false >/dev/null

# Which lines of src/mailauth and src/text the tests execute.
cover:
	@$(MAKE) --no-print-directory all B=build-cover \
	    SETUP='-Db_coverage=true -Doptimization=g -Dwerror=false'
	@tests/cover/run build-cover

# Ours against its peers, and the floor; needs "script/install bench".
# ROUNDS=, CORPUS= a folder of other mails, BENCH= more options (--quick, --json).
bench-mailauth:
	@script/install bench
	@[ -f build-bench/build.ninja ] || meson setup build-bench -Dbench=true
	@ninja -C build-bench bench_programs
	@bench/mailauth.py build-bench $(if $(ROUNDS),--rounds $(ROUNDS)) \
	    $(if $(CORPUS),--mails $(CORPUS)) $(BENCH)

# Sesame against its peers on generated cases; CASES and SEED to go further.
differential: all
	@tests/differential/run $(B)

format:
	@clang-format -i $(SOURCES)

lint:
	@for check in format layers layers-selftest limits banned documented operations settings spdx; do \
	    echo "$$check:"; tests/lint/$$check src || [ $$? = 77 ] || exit 1; done
	@echo "Above complexity 15 or 60 lines; split where it reads better:"
	@pmccabe $(filter src/%.c,$(SOURCES)) | \
	    awk '$$1 > 15 || $$5 > 60 { print $$1, $$5, $$6, $$7 }' | sort -rn

clean:
	@rm -rf build build-asan build-fuzz build-cover build-bench build-mutants

# Mistakes made by hand in the parsers, one at a time: does a test find each?
# MUTANTS: of which names ("date.c", "date.c:2"; tests/mutants/run --list).
mutants:
	@tests/mutants/run $(MUTANTS)

.PHONY: all install check test demo check-asan check-valgrind fuzz cover \
	bench-mailauth differential mutants format lint clean
