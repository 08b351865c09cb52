/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys - keys made for tests, good and bad, in the forms that occur.
 *
 * Made with "openssl genrsa" and its kin (OpenSSL 3.0), but for the last two,
 * made from primes that are too close and of the form of CVE-2017-15361.
 * They protect nothing.
 */
#pragma once

/* clang-format off */

/* 2048 bits, PKCS#8 */
#define PEM_2048_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDjRsBNpiS3R54y\n" \
	"xu2WeaBnrkyDBCKfl0RJHCPv7ryNs77hWszHRLJjoF0db1rGZuHwnH8r5VYX3Zlr\n" \
	"ohbnJyhx3OqhpN/hyH6e0NjQnyNf4xt9aABTn52xWud/G+tvwIoJzpVVgdsegP0r\n" \
	"fxEICi2t8tALTh23aLz3nyVQUd5Wb7LUB5IWviF4wmbAKhAfjFwGjBlArCvDaJU7\n" \
	"wH+kf9dzipAeW2YfbSpPjQi5HFatLeqmKyE5cC7v444lS3f1G1WaNWz/JkBbBrRE\n" \
	"T9ta65LiwOxrzYzFa0dDjsOJyo1XiVncEJXxsXgOl+To4SKsSpgh964MdvVuQA3A\n" \
	"Vx2UsX1lAgMBAAECggEAJkBEIU1zJH2jPHyKhCbYPlrxeaN6iE2XKo7X5YvSpC66\n" \
	"U4dKq8b+FxJoWYniRz4NjMdqB+NDSCT9q0XOgPzwK6m4u5faLk/mL6iKtSHzfDHm\n" \
	"8IZOd8SHb9AS4iu6xkYrdVcVfxyp2kpvUaDDJw0/fuU86ootKi8wjqR0TT5aI0W8\n" \
	"KhiEeLy4WjuqlY2U3jXjryaStHbnaUSml0kBU9D/iJJhRI+knRTVebCqB7xx1CTu\n" \
	"84DHKoKUPpKyF4mylQ6j1OiuNGontmwSsItW5buNbstK/v7fLo5H+OvtI+XZ7FL+\n" \
	"qASkD1mEEtzbQpuRIZmD2sefUoARVfNFQLm6ESjRSQKBgQD0K+u2XPK1PGMa5n9a\n" \
	"LAyis4oX1GHrTmCDv2o/PoV/0CTwjogTqksLCPeV7F0oOJePoMXMSWZUYMBQRU8J\n" \
	"XjMUB27GfbdXCdTxxk7Q3XBJpRbyI/jXrBwGSBnIVe7t/dDtDWrueR9WOwChbbcy\n" \
	"SNO9SHYkdSZdTm+6zr4oEszlVwKBgQDuSU5BiiQmfhnVr5uFokt1b4ype0rbrYWW\n" \
	"ke5aGGeI2ixYnKmQdNI47uUz2LY7lAqn4W1whufbjbkov7rW4Aj1962+eo4ONO4l\n" \
	"6DWxYzK01O0arJv6vY1NuDLJWlDtVIAMvjsq4gtYXCIxQD01eqig6Xx5toW/ZOrZ\n" \
	"AGHjSmbhowKBgFW2rVIhItpYTnn8/CvNVsouuIVQ+ua9ZsgZA9Ubv4V0reL8ReyR\n" \
	"VTKUfUVV6gXah+nViFoEUjXAmQIUsoAZX1jimxJ2w0t8mhIdiUFs2qQfngR2eD5N\n" \
	"nrDd0p8u+2b0OMlecnEwd72vjLMebrbqNdo2e7KkpUkP5czwEnTC1MaVAoGBAIhT\n" \
	"HBhW5fO3tSQRgZJklXMsTHcx+FPR5FmOR6T3zVP4LeLMTh49F4BG/I4675cKTUZa\n" \
	"q/fy1nc/j60Gc+g26CmAd8A/8UGjepPpU76WmA3ou3XFRr+e7laGiVe0+hOtgkzI\n" \
	"EKWqCP+WRmGS9PHBqPPWYMZpa/9hxxI7K8WTbWStAoGBALTG1jPy36sBJ+5RrLSq\n" \
	"6u0MChE1U9rVjBrZg7w7M5cQOf8aTRyQX7FZSMr98pF7b8fg7xkVd6O7e7/vuCwt\n" \
	"PsbH6ysuqY0K+DgeXFdVxI0CRv+C0G5TryhY0XS2KqpzS9W8EWi4naSd7O8eN+Tf\n" \
	"UzTvp9tlC9NpxFAcPYeWF/on\n" \
	"-----END PRIVATE KEY-----\n"

/* the same, PKCS#1 */
#define PEM_2048_PKCS1 \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIIEpAIBAAKCAQEA40bATaYkt0eeMsbtlnmgZ65MgwQin5dESRwj7+68jbO+4VrM\n" \
	"x0SyY6BdHW9axmbh8Jx/K+VWF92Za6IW5ycocdzqoaTf4ch+ntDY0J8jX+MbfWgA\n" \
	"U5+dsVrnfxvrb8CKCc6VVYHbHoD9K38RCAotrfLQC04dt2i8958lUFHeVm+y1AeS\n" \
	"Fr4heMJmwCoQH4xcBowZQKwrw2iVO8B/pH/Xc4qQHltmH20qT40IuRxWrS3qpish\n" \
	"OXAu7+OOJUt39RtVmjVs/yZAWwa0RE/bWuuS4sDsa82MxWtHQ47DicqNV4lZ3BCV\n" \
	"8bF4Dpfk6OEirEqYIfeuDHb1bkANwFcdlLF9ZQIDAQABAoIBACZARCFNcyR9ozx8\n" \
	"ioQm2D5a8XmjeohNlyqO1+WL0qQuulOHSqvG/hcSaFmJ4kc+DYzHagfjQ0gk/atF\n" \
	"zoD88CupuLuX2i5P5i+oirUh83wx5vCGTnfEh2/QEuIrusZGK3VXFX8cqdpKb1Gg\n" \
	"wycNP37lPOqKLSovMI6kdE0+WiNFvCoYhHi8uFo7qpWNlN41468mkrR252lEppdJ\n" \
	"AVPQ/4iSYUSPpJ0U1Xmwqge8cdQk7vOAxyqClD6SsheJspUOo9TorjRqJ7ZsErCL\n" \
	"VuW7jW7LSv7+3y6OR/jr7SPl2exS/qgEpA9ZhBLc20KbkSGZg9rHn1KAEVXzRUC5\n" \
	"uhEo0UkCgYEA9CvrtlzytTxjGuZ/WiwMorOKF9Rh605gg79qPz6Ff9Ak8I6IE6pL\n" \
	"Cwj3lexdKDiXj6DFzElmVGDAUEVPCV4zFAduxn23VwnU8cZO0N1wSaUW8iP416wc\n" \
	"BkgZyFXu7f3Q7Q1q7nkfVjsAoW23MkjTvUh2JHUmXU5vus6+KBLM5VcCgYEA7klO\n" \
	"QYokJn4Z1a+bhaJLdW+MqXtK262FlpHuWhhniNosWJypkHTSOO7lM9i2O5QKp+Ft\n" \
	"cIbn2425KL+61uAI9fetvnqODjTuJeg1sWMytNTtGqyb+r2NTbgyyVpQ7VSADL47\n" \
	"KuILWFwiMUA9NXqooOl8ebaFv2Tq2QBh40pm4aMCgYBVtq1SISLaWE55/PwrzVbK\n" \
	"LriFUPrmvWbIGQPVG7+FdK3i/EXskVUylH1FVeoF2ofp1YhaBFI1wJkCFLKAGV9Y\n" \
	"4psSdsNLfJoSHYlBbNqkH54Edng+TZ6w3dKfLvtm9DjJXnJxMHe9r4yzHm626jXa\n" \
	"NnuypKVJD+XM8BJ0wtTGlQKBgQCIUxwYVuXzt7UkEYGSZJVzLEx3MfhT0eRZjkek\n" \
	"981T+C3izE4ePReARvyOOu+XCk1GWqv38tZ3P4+tBnPoNugpgHfAP/FBo3qT6VO+\n" \
	"lpgN6Lt1xUa/nu5WholXtPoTrYJMyBClqgj/lkZhkvTxwajz1mDGaWv/YccSOyvF\n" \
	"k21krQKBgQC0xtYz8t+rASfuUay0qurtDAoRNVPa1Ywa2YO8OzOXEDn/Gk0ckF+x\n" \
	"WUjK/fKRe2/H4O8ZFXeju3u/77gsLT7Gx+srLqmNCvg4HlxXVcSNAkb/gtBuU68o\n" \
	"WNF0tiqqc0vVvBFouJ2knezvHjfk31M076fbZQvTacRQHD2Hlhf6Jw==\n" \
	"-----END RSA PRIVATE KEY-----\n"

/* 1024 bits, PKCS#8 */
#define PEM_1024_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAM/HgFRxYGw98i/I\n" \
	"ff+8ieW8ddrdqsnc0jHTN1MUv13l3ZlmwlHnYMD1yh4FfsDP0vcqYemkrxlw1dhk\n" \
	"lnuMHbkGculQ5opaW+1H0QlBPvZbMgCRh+43k6hJx9bquyASBtPdZccDMc33PWFB\n" \
	"upkIB04ykuuIEUi+piupAHdG4eY7AgMBAAECgYEAkGV76LNWKEMwkUaLUfPL/Y1o\n" \
	"di8ApwLATQIVe7Z6e53oz9fbCaJ72f22dgCpowOLAFxC6WWajlqdMqJM9hVc/V0S\n" \
	"8WKv/dWeocKn7sLA1bDyNQvijVaZNEGAbhYj1pTIBDrX/148PjqbgXWsCbCqa0ha\n" \
	"QLT/4/rWe/mqOUY8DUECQQDvoqBeUztIXkfglphka1z/QXgQW9+N1AR/0pVTpxLu\n" \
	"k681W6KdufI3EJvj3AZIlKiamli2dsn9A0d8m362T2AhAkEA3ff1rtHr+63eJMwv\n" \
	"rgY5Jh1/8Y0iE5dSkGzV8sbW+ntfO1Ce0P8e5dSI+FOdCR0WTEFvkEfYx+gRVfhw\n" \
	"YY1q2wJAd/ZJoe64trm78cpx75NvsrjrigT0HOQOfI7HAmGZMKXuCCAfgCYeA0Ll\n" \
	"R2RWIO+KmBq8XluJMof5uX9+J3YFAQJAdOnA7xbEvCilJC6kQn4mpcvN8xXKSBVh\n" \
	"OI8K1bgjzYUj8OMS87QcuyOKDXpE8WLvtrSUpaMiLJEwaF7WGpvZFwJAEyYXkDCY\n" \
	"/JNHZUeerRjfD1uiYjm8ue7+WFwO1bTJU5s0VulhW/H9yYsXMCg4C7YfKgHrATVl\n" \
	"MTf1T8MwhG5vpA==\n" \
	"-----END PRIVATE KEY-----\n"

/* the same, PKCS#1 */
#define PEM_1024_PKCS1 \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDPx4BUcWBsPfIvyH3/vInlvHXa3arJ3NIx0zdTFL9d5d2ZZsJR\n" \
	"52DA9coeBX7Az9L3KmHppK8ZcNXYZJZ7jB25BnLpUOaKWlvtR9EJQT72WzIAkYfu\n" \
	"N5OoScfW6rsgEgbT3WXHAzHN9z1hQbqZCAdOMpLriBFIvqYrqQB3RuHmOwIDAQAB\n" \
	"AoGBAJBle+izVihDMJFGi1Hzy/2NaHYvAKcCwE0CFXu2enud6M/X2wmie9n9tnYA\n" \
	"qaMDiwBcQullmo5anTKiTPYVXP1dEvFir/3VnqHCp+7CwNWw8jUL4o1WmTRBgG4W\n" \
	"I9aUyAQ61/9ePD46m4F1rAmwqmtIWkC0/+P61nv5qjlGPA1BAkEA76KgXlM7SF5H\n" \
	"4JaYZGtc/0F4EFvfjdQEf9KVU6cS7pOvNVuinbnyNxCb49wGSJSomppYtnbJ/QNH\n" \
	"fJt+tk9gIQJBAN339a7R6/ut3iTML64GOSYdf/GNIhOXUpBs1fLG1vp7XztQntD/\n" \
	"HuXUiPhTnQkdFkxBb5BH2MfoEVX4cGGNatsCQHf2SaHuuLa5u/HKce+Tb7K464oE\n" \
	"9BzkDnyOxwJhmTCl7gggH4AmHgNC5UdkViDvipgavF5biTKH+bl/fid2BQECQHTp\n" \
	"wO8WxLwopSQupEJ+JqXLzfMVykgVYTiPCtW4I82FI/DjEvO0HLsjig16RPFi77a0\n" \
	"lKWjIiyRMGhe1hqb2RcCQBMmF5AwmPyTR2VHnq0Y3w9bomI5vLnu/lhcDtW0yVOb\n" \
	"NFbpYVvx/cmLFzAoOAu2HyoB6wE1ZTE39U/DMIRub6Q=\n" \
	"-----END RSA PRIVATE KEY-----\n"

/* the same, PKCS#1 with a passphrase */
#define PEM_1024_PKCS1_ENCRYPTED \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"Proc-Type: 4,ENCRYPTED\n" \
	"DEK-Info: AES-128-CBC,0B8948EA1F21608E0C6A2F2CACD18D39\n" \
	"\n" \
	"qPwKvFURQ5/IX+FFrfHI5Z9DlseyH+n+CQPMrWRXzIrzenr6CqrA6PYx9S2AvWda\n" \
	"cdxL4C5Ezqg/HWsi6aD3rP5W+mf05XAnWQo+ZS+KeqzK5ZPH/AqRPY/3l2gg5n9B\n" \
	"ET1jd2ceV0VscO8cUlQdIFLam0h/sNItAKLdgGzRWWoLFYuJNW2U7wJjaqJLRdkq\n" \
	"lvGr182wCbF+ptRCs9m8XsYjrwHgOFQxnviNqCyOFE3SFl+DjHE7BL6pqXs/t/g6\n" \
	"IxLUbDDni1tdDJgZyJcBcC1QljHYLckfU/qqlTacA5cMfOYYnRqoZU3ZFEHL6RBn\n" \
	"OLSYclwcNlL+QgnxDLYIx4L7A34+TQQNEVj8mLsk1BxA9QquYKlKcKGDq2sHiB3X\n" \
	"Yy9k+rKzFz/IrBsVW49CWzloJDXPJWBBoA2Wiq0nUoTXb4ZpxH5JrZuRkNLHm92u\n" \
	"AAejBu8jSJf8QmYTyUv1eMITOxdgLTjNWUJqkvqpRf+u/2tWvoPHL/BulqkNBB2G\n" \
	"OQd7Vf9WB8JtFqeKH6+bxbjmU7wmmYxmnbTWebTvwjX1eVaxJu9w0P/ZlBvRKb/8\n" \
	"jDq2lWui1lrhx82hVffFSZg7zoc124LzTAUvs2IaL2ukYSBtquIMPTh8kb1ZHvFE\n" \
	"9Yr9qzLSM4Bn20puhg8z/JVVEX3GZGBHOchs/WK/ma0XDtwdI6V9fADcTUxJJzif\n" \
	"K4SWr7vsef0PezG/yZnM0FOID8QWS5T0q736lfRru4yUd0W7ctR6j+ns8cOB68O6\n" \
	"WFwWZRj6v81OhpNdPpF7hbwDjdVvHDTudg3vT1FtvhNiVdsjWfkm9VYfzabeLXKJ\n" \
	"-----END RSA PRIVATE KEY-----\n"

/* the same, PKCS#8 with a passphrase */
#define PEM_1024_PKCS8_ENCRYPTED \
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" \
	"MIIC3TBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI22YDzdB3IPYCAggA\n" \
	"MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAJC5PbVFp2CHuSCKlWMR3KBIIC\n" \
	"gDmRY/Jc5b/t5FEbrZVzgnrTlfWbN2zab32x0eMcwLDttgFLcpWb6HBDCi8PfXEv\n" \
	"BB16QCIAxTPP+veTAWc6cEuR4N7PUsAzbUnkLHmUU+leqQgClezdqvpBWuPuH72H\n" \
	"N3SxXkie7lxs3LTpN8xIud/5aFz30TLczP1Kj8uF4ASoeUmSngl9y+1RG40Wph+3\n" \
	"+SrqahkDmToOPMe+11DOBuUL/GCUeaG/vPrzMkAycjIOuVz0taGIbp0EAwR4STCj\n" \
	"7GOf2ps4wsm+uuLF5GcwOAg0JoGvU4UsP9I5vgpfCHBnCHZNsvrU0iAhY6M5hcJF\n" \
	"4XTQmzgMmKM1CEPPHkPyXp0FMIgZdJIR/54egr6uBQRDVWLU+rLvueVcg0M4SbgW\n" \
	"eOftIsLRKLPf+IJ5QJ7x4H9qolhS8DUKeLJxo8FcF6nNKzvDh1JFmPZS1TkoglDp\n" \
	"8Q7tW3I9Jo1Wu3XjmcJq9jZg5xzkdy1uTWjo3hZMI65rr3p1yJv16Ffsp0BXz6AQ\n" \
	"3EGICa1dSsZNgeytf3MlhEevrhhpDiaHtwB5TITtABz1alRHjB8Q2Sppu7SgrOBh\n" \
	"FL8eGxNeTLSdZ7iR3Wpwklsf2Stt+4KhA58oce8spf8NV7gDl+RSa7eAwWwpggNY\n" \
	"FQ9DDDrB9T6xpbGXk3cufFUn5ibt+o0US3UIMKGyL9kuAsweHdm7DyRB/oD1paCX\n" \
	"DmaPBtcfoFgqx5wB3ITEYYokWdW0o9lGarC2JofIUgkq0SmN6qCJGJOt2YdCDYjB\n" \
	"yAGY8eZgdhMNWk0i9gUvO5CVqFsdPQc5EruV6bDeWrCO5PM2KSmZjOjNvP18n7cs\n" \
	"+sLWuXNho045klSruV6l+Eg=\n" \
	"-----END ENCRYPTED PRIVATE KEY-----\n"

/* its public half, SubjectPublicKeyInfo */
#define PEM_1024_SPKI \
	"-----BEGIN PUBLIC KEY-----\n" \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDPx4BUcWBsPfIvyH3/vInlvHXa\n" \
	"3arJ3NIx0zdTFL9d5d2ZZsJR52DA9coeBX7Az9L3KmHppK8ZcNXYZJZ7jB25BnLp\n" \
	"UOaKWlvtR9EJQT72WzIAkYfuN5OoScfW6rsgEgbT3WXHAzHN9z1hQbqZCAdOMpLr\n" \
	"iBFIvqYrqQB3RuHmOwIDAQAB\n" \
	"-----END PUBLIC KEY-----\n"

/* its public half, RSAPublicKey */
#define PEM_1024_RSA_PUBLIC \
	"-----BEGIN RSA PUBLIC KEY-----\n" \
	"MIGJAoGBAM/HgFRxYGw98i/Iff+8ieW8ddrdqsnc0jHTN1MUv13l3ZlmwlHnYMD1\n" \
	"yh4FfsDP0vcqYemkrxlw1dhklnuMHbkGculQ5opaW+1H0QlBPvZbMgCRh+43k6hJ\n" \
	"x9bquyASBtPdZccDMc33PWFBupkIB04ykuuIEUi+piupAHdG4eY7AgMBAAE=\n" \
	"-----END RSA PUBLIC KEY-----\n"

/* a certificate of it */
#define PEM_1024_CERTIFICATE \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIIB9DCCAV2gAwIBAgIUHzjX6RqLEtHoXTWkGZnG08uc0icwDQYJKoZIhvcNAQEL\n" \
	"BQAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjMxNzI5MzlaFw0yNjExMjQxNzI5Mzla\n" \
	"MAwxCjAIBgNVBAMMAXgwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAM/HgFRx\n" \
	"YGw98i/Iff+8ieW8ddrdqsnc0jHTN1MUv13l3ZlmwlHnYMD1yh4FfsDP0vcqYemk\n" \
	"rxlw1dhklnuMHbkGculQ5opaW+1H0QlBPvZbMgCRh+43k6hJx9bquyASBtPdZccD\n" \
	"Mc33PWFBupkIB04ykuuIEUi+piupAHdG4eY7AgMBAAGjUzBRMB0GA1UdDgQWBBTD\n" \
	"zgBkQlT/+pjsp5GFH60q4cqB7TAfBgNVHSMEGDAWgBTDzgBkQlT/+pjsp5GFH60q\n" \
	"4cqB7TAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAIAf6WxJDE6a\n" \
	"KP1cJaxV+2beDpCaBxHqLiPUiFd1eoYcH+AHevx2hJbqotwaUT8M/YXtgpVozjMY\n" \
	"I3FtR7vInSrfxO5hrPt1bcsmd2NxnoQM+kYvYx1/sIBlGWgekdE26ODCiGvPlhF/\n" \
	"WNzTTJwv5OcYQ+oDkO23/I/Jcbg/D9DD\n" \
	"-----END CERTIFICATE-----\n"

/* 1023 bits */
#define PEM_1023 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICdAIBADANBgkqhkiG9w0BAQEFAASCAl4wggJaAgEAAoGAX6Qnig0MpZWIuefF\n" \
	"MvzRykIIm4GAcd5h8zUS9Mvc/vlCSdsgWwsccLfdXBrTHkn7xwgxYL5nHp9+S4Gp\n" \
	"qWYrCtskwi2fQvaYlo5Phz3gYVnlWXSqrsbnGHMIMW1oGn2VUnUPM5QSduuCVipS\n" \
	"fyFa+tBJPC36ljVoRRIwX1ka7zkCAwEAAQKBgCWc+2fRhf3A90qVmfpZb3Ap1BTE\n" \
	"M22U1dS+NLxNSJaGFMnTAcCMeBzkUowciJbK5df6ouC3QPrMIvEzBzR118so5D5n\n" \
	"OLY9q9pu7oYO1KqgZjvsFhlzvlQSSQUYzlUtKtGka9jprN+SdUQNG2hiyRIoTISI\n" \
	"3vNiLplk/t7RhYvhAkEAxJh8R+B3hkO9uq+trhV1XG+KvX8dff1R8ZaCxezEiiAj\n" \
	"awV6WCGgJU6QclNWkAka7yvmlvkJ7LGmJTq3BNvfdQJAfIppqONFqgnLyZVFmAeJ\n" \
	"CDLW5Y4AydvkQd2D91MmKSw2LaQe7X8AD2+j7LlHS/8WeX39MmALDRQwZqFF39V8\n" \
	"NQJAIr8MoCuFFH7ehqNMIAt83aR9MfbIgJ8IH5nJbS/moL8DY4PpVrBCvLVBBGPE\n" \
	"Vdq2HvV0YNSNM39GbSgOdtZhjQJAC1bS3fSrcBrqOhVkO75b5Ko0VLxEKBzkQHb5\n" \
	"v/gLHm6PFELAKiGJEN66TyBjdHDqS++DsSV7fBpdecqvQP0ADQJBAKxAY5TXq/0D\n" \
	"mONblnzA338QY1g781B3+WtcHVK23ownY4Yau3+HK6gPsihSh12g8FSCS0+ECJx4\n" \
	"jnpospFouDM=\n" \
	"-----END PRIVATE KEY-----\n"

/* 512 bits */
#define PEM_512 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIIBUwIBADANBgkqhkiG9w0BAQEFAASCAT0wggE5AgEAAkEAuH4PtCpDfuQ95r+v\n" \
	"9qZmn9Ln7Ont/xQRf37NdqWUEWgP/ASPVj4YoPk0+7u2Il1Rt2J52MH39bTllVlV\n" \
	"C/pTDwIDAQABAkAo0wxai7efzpW8B9LCO5Qd7aeQjzsw5JnyonaIuJ8JMqMGnmSt\n" \
	"dddn1VgCJCaUhY63f2H9T15HI4NKhOO7OlLhAiEA8lEhU2qKTMUctzFhpytUm5V5\n" \
	"XTYSjr0rYmrDhKkntscCIQDC6QkYDY0WE6F2oeyZR6tXh8zpbil4JWfAtAa3bEiZ\n" \
	"eQIgW8E8zUladRdueC/KunI952wCOLlw7XvUIcArqOAkmaECIC7LL8m8hyDDucH3\n" \
	"ggwSrsom6kUok4Aqysvy7KHgt1VRAiAnfmqRlyoPxpKiqLMW102XUTuKPoUVBvEm\n" \
	"dq930JkwIQ==\n" \
	"-----END PRIVATE KEY-----\n"

/* 1024 bits, exponent 3 */
#define PEM_1024_E3 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANORgALDIwZbV5kt\n" \
	"UvZEyurNfWwFMyWX+nBgI9lunlZuRXHcsOWPHL+G96NeEDipUkTPvye0BFeTVQ1y\n" \
	"I2YH21HbcmBBlg0lHhQh0EEGIwZu4dxVMiDfylSQ/A7Uh+xZwRZR0SnpEREkP91B\n" \
	"tkUBK4KayupUkAuaNtLI5yruriMhAgEDAoGBAI0LqqyCF1mSOmYeN07Yh0czqPKu\n" \
	"IhkP/ErqwpD0aY70Lkvode5faH+vT8I+tXsbjC3f1MUirY+3jgj2wkQFPOAF9IbS\n" \
	"5P9qRfO/Y5Uq2iTKKXBCbiRT4E6oQbk6+8js7qfApBOYzueoqlhXiTdoctlEQwAP\n" \
	"Gip0uu0hgBwbHhbLAkEA+PvVlry62epYqsVsSrfrnRSDe9+tyX+7MypSsiKcE6cP\n" \
	"n0zarkYC63VYaM0LAAcxVHQApWPuSheCXyft2OrRPQJBANmHwG6B0yvKzdf1dPsj\n" \
	"46KPMHWtPJh6I2FvJknrouK0CxGOMdWUsrvLAFWbZuR4C1/yaZiE3aEG7Ld/Eu0W\n" \
	"L7UCQQCl/TkPKHyRRuXHLkgxz/JouFen6nPbqnzMxuHMFxK3xLUU3ece2VdHo5BF\n" \
	"3gdVWiDi+ABuQp7cD6w/b/Pl8eDTAkEAkQUq9FaMx9yJOqOjUhftFwogTnN9uvwX\n" \
	"lkoZhp0XQc1ctl7L47h3J9yq47zvQvqyP/bxEFiTwK9IelS3SLl1IwJATeZRBICT\n" \
	"WVBIehSFPOxdxnPz9fDEsD38Cz7Rc7OYs5RJ9f9jQRrR6EZl+HsUzhuXy+GVEWik\n" \
	"clohylD+m1ddnA==\n" \
	"-----END PRIVATE KEY-----\n"

/* 1024 bits, three primes */
#define PEM_MULTI \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIIClwIBADANBgkqhkiG9w0BAQEFAASCAoEwggJ9AgEBAoGBAKBDCa3Yt4QAY8Yc\n" \
	"5UKf88oBJ2nM6o21qK87U54u5jXgkgnPA+YihM3MbLFTcJI96gUH6IbYzAs3OHPd\n" \
	"5TfEuBFgBsdDvNYLcGWkIvc3qkqQa+8h5wlLBJNNyjwGiEb41emgIaBPuIB1Nm5G\n" \
	"nzm5/MFBDm7HyE9ZZi0DSxnQKIGdAgMBAAECgYAGCaCCuShow67+lrYYZXhEwvhe\n" \
	"JwcrIY3iVCTZT8EChJxb3D20XNaN/kaVdTVFmnmC3CutM5ZQtxbwBluLFp9VES0R\n" \
	"N7JbiExvIuhI4cqbETiFqWZ9yD2ZW68nGYj+Dbl0BQLjuZkpeWXANI2KzFyUwDnw\n" \
	"XbY2uV+jp22aBF6R4QIrOSW3HRR7JbiyCFLvSpODZ2G8LxFRrvxuHnm1yTHGeA/9\n" \
	"Wwary7neeTL8NwIrGzZfAHlX3MfGGRinHtnz0MmsNNKYW7lGv0t0+KYCw9m4WCtO\n" \
	"rboj9z6oCQIrMM5QJArQ3bdufQNvkG6JZCqpUD1nWJ4H4gkqQuk6ymFFjI8W+8gD\n" \
	"A9mSYwIrFtdHXJ19e0qP44bG1+V3eluc2OWfjvXwBScv8nldvshjrFYFf1rLT39f\n" \
	"CQIrLQGmh3xsKu1FCOODTBn22Pd+KDhIyMHn6WV+YtEomyFHGWAKwyDEVHgP1TCB\n" \
	"ijCBhwIrGmHKVrgKILeE233ybQmZ0lXvYmU0vYuggwQH2PpIwW3Du9bc1+Xda2ut\n" \
	"MwIrB3bPdoWPZ/5EOo2Bv1POD3J8zgvwRghxG2BSkBMP7poNnOGHjhXc9X17fQIr\n" \
	"FwxcUxbZerMwA6d4ecApMgieAg9rRdAlrx6IDmfR4PXmvOUBpZqn9JGH6A==\n" \
	"-----END PRIVATE KEY-----\n"

/* 1024 bits, for RSASSA-PSS alone */
#define PEM_PSS \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICdgIBADALBgkqhkiG9w0BAQoEggJiMIICXgIBAAKBgQDHjjWHQMrFyShHNtoR\n" \
	"3sQt4d2k+D86UqkBkvchQ7AUEIs009Asgk7SlWtgMeLbrGuPmOI9JvFHlGv5bQqQ\n" \
	"QcIZSckffdlBqmDGUoOQNDUt+YmycVzNK5Gk3SY9LS8wdPIxsCROrNqS4kPQZDhz\n" \
	"rqIadQRSlHB+nOUNV+yrgjA7VQIDAQABAoGBAItWyBed7Th3wjEfotsxgihLexlS\n" \
	"4ctWpn3b4cWPXuZTuu/zKnu5rVIrVSOBEdezqBNHfEmY5IbHozExq1uZHu6OxHh5\n" \
	"ReFf1tg7InWgFwYeyErXLm3sZBzo/PHPpD+w1vl2yC5Vx6vmLTh/PmzmmBE7x4Un\n" \
	"3cLdivNnafHjlu5tAkEA9P51phmHUPB7lB778qug0v1CPR9ZTpNaWObHZT1sahuf\n" \
	"XpXVsgvC19WTc6TYOP0H0NqERaenJTD1a+YhcuwCrwJBANCFL8sxgaW0S7Hiw98Y\n" \
	"vz+b0a/5D9gU0rsyHP2qfLb4dcRHzhA6dD1JnqQtB5jQ9f/YAyHlf0FW2pQgT3qZ\n" \
	"czsCQQDkFBDK9XE4NOmXV9EOdiFey0/jP1ARCrVNlmuDIM/RaK3RjIRJIRHfhYGk\n" \
	"Y464Xzfrg8MoZZAB27ZfIPt61aUZAkEAxzKkwLjvgGvnb+0QbvzGHq7tNu14TFVA\n" \
	"JuItvcpzT5u1bSenW+trhezhZzc5LaxZhOpHu8bwtWuSbbUcGCOlZwJAGCSgJtDQ\n" \
	"m69qT+Jb1AmXbcvGv5b5LkenQ1BxphuBj/aa7ek2DvRvMZJY929xSvvnm+Un9nFH\n" \
	"jMGzHUfu/SiXRQ==\n" \
	"-----END PRIVATE KEY-----\n"

/* P-256, SEC 1 */
#define PEM_EC_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIJpCyNX6TesGLTbLQPKvGUprfI8E6FqT2+0s4O6QQgVnoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEuBpqu68vyJ5obOOhRYXaodFrMRUPDynuixsdMFcrF8yVTg5JkxkL\n" \
	"s7Pi1bj71yMXL1m1ytqCEdUNrL1boWD4lw==\n" \
	"-----END EC PRIVATE KEY-----\n"

/* P-256, PKCS#8 */
#define PEM_EC_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmkLI1fpN6wYtNstA\n" \
	"8q8ZSmt8jwToWpPb7Szg7pBCBWehRANCAAS4Gmq7ry/Inmhs46FFhdqh0WsxFQ8P\n" \
	"Ke6LGx0wVysXzJVODkmTGQuzs+LVuPvXIxcvWbXK2oIR1Q2svVuhYPiX\n" \
	"-----END PRIVATE KEY-----\n"

/* DSA, PKCS#8 */
#define PEM_DSA_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIIBWgIBADCCATMGByqGSM44BAEwggEmAoGBAKe3CWfAW0GPdkqfYBuyreuqDF4n\n" \
	"n5RgdHFBpe0mQW8E0PmYC/INORBxtUdASHfHsT6me/bof0y0DLDAL+6aHGPtTnVt\n" \
	"iK/mnmHQ7VaJEg9ySRJi4HHs7uWWS3b603eFx5YTfhPzmm0WQbgAmRK+f+qM7zrC\n" \
	"fE0BzCJsEsfun1vdAh0AzYwEoi4t7772D/U6NnVOqddktUcGnTVRNcDGpwKBgCwq\n" \
	"3CoRDiFAOPXarcgitcp3lTBUMI9PNlLH4ZiQwyan8mIjCclKTKDKDovjtJnD3Sne\n" \
	"xZS+W/r6BwyhSjAHduVOdEoWqLrFyNCxtD5e2afriJcPnNVSV6gl3RAkXoNiMpyp\n" \
	"ZqIrhp8XKYkeYrejDsmbqq89vjthph6eciVRJym1BB4CHHVehe2sl6bRNCsMW+vC\n" \
	"EPTnhCvbdKlsMs10LLc=\n" \
	"-----END PRIVATE KEY-----\n"

/* DSA, its own form */
#define PEM_DSA \
	"-----BEGIN DSA PRIVATE KEY-----\n" \
	"MIIBygIBAAKBgQCntwlnwFtBj3ZKn2Absq3rqgxeJ5+UYHRxQaXtJkFvBND5mAvy\n" \
	"DTkQcbVHQEh3x7E+pnv26H9MtAywwC/umhxj7U51bYiv5p5h0O1WiRIPckkSYuBx\n" \
	"7O7llkt2+tN3hceWE34T85ptFkG4AJkSvn/qjO86wnxNAcwibBLH7p9b3QIdAM2M\n" \
	"BKIuLe++9g/1OjZ1TqnXZLVHBp01UTXAxqcCgYAsKtwqEQ4hQDj12q3IIrXKd5Uw\n" \
	"VDCPTzZSx+GYkMMmp/JiIwnJSkygyg6L47SZw90p3sWUvlv6+gcMoUowB3blTnRK\n" \
	"Fqi6xcjQsbQ+Xtmn64iXD5zVUleoJd0QJF6DYjKcqWaiK4afFymJHmK3ow7Jm6qv\n" \
	"Pb47YaYennIlUScptQKBgAxQdv5Z94/gfVSU//spL0nXZRa8AGTGHw6DgVFIwjWq\n" \
	"RrPU6NcARE5ERRqC8MRIXXvlpXAsL3mntV4g28KOZI4MoSZfEEdtm4fAoBxFs4Bi\n" \
	"Sk/WtHq+6PLwVTELYJ2vr/ADKclnmfXBdHshQKq+3tWAotoZ8qcEj1KX8DOkF7Y9\n" \
	"Ahx1XoXtrJem0TQrDFvrwhD054Qr23SpbDLNdCy3\n" \
	"-----END DSA PRIVATE KEY-----\n"

/* Ed25519, PKCS#8 */
#define PEM_ED25519 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VwBCIEIKcM9yRxbg+zl2w+hAdIsj5aDbB/wurLD2EMQV2vRxki\n" \
	"-----END PRIVATE KEY-----\n"

/* 1024 bits, primes 2^300 apart */
#define PEM_CLOSE \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXQIBAAKBgQCsF6hy9KOCHpbhedDt+5lzTsYhTaZKS7PTaSkj8KC3OAmg7rjT\n" \
	"RAPqWtyKVfW6UshbGzjd8mFnib1OGZm7n2yt1GAfdpedIK+DQazXibQdOszSyvMS\n" \
	"j5OJ9i/lcvvqDOanOBsSUNjal7Lrf02msHhBucPzEy65vxjOhcGaPGBTkwIDAQAB\n" \
	"AoGAO9FNYAfg/c2cLGunT9FwmT/8Zn8TGigOLaIUBsYRVx5HWoUgAW9W3RMQLZWL\n" \
	"gGRd+C0SKzOg39hk0MzdPvY/U+rfidLkIU2WeUKOuy7CfHgw0jQVxIArs9XLXn9E\n" \
	"eM8bjB+mJk1bBgf5L7i9wDtRjDF88qlqlvihIMUF2q577cECQQDR5Pc4I3Yt2teP\n" \
	"FOqjBCigeNQVjP8+y/MXxu9Len7TuHG1kpq23jnDyPbiUtmtRgU+03obyifybXf+\n" \
	"YSPZsIVpAkEA0eT3OCN2LdrXjxTqowQooHjUFYz/PsvzF8b/S3p+07hxtZKatt45\n" \
	"w8j24lLZrUYFPtN6G8on8m13/mEj2bCFmwJBAMzEU2qxLdoOZb1w6nee1wO23TEp\n" \
	"HNpmngHUUh+QoaprhoNdQxKkOjaHGFQz/6jLZtKj/byeu9oGccn5esAlNgECQQC2\n" \
	"JXXo0NVY28Ye0+7/Arfi8phSD2bd7w2Jf9bCgI4ZW8HJ6Wy770O/xOGC7JUcilw4\n" \
	"9jrMbPWXqynrpg7/dfGrAkBzbGNbHVSa/5yMcvXnyDVyN7YJWP0Al55DESXc4Dhs\n" \
	"Qh0GJe4j/YxoayMvGXIkJatRmrd6x/94gWG7K1sCy41h\n" \
	"-----END RSA PRIVATE KEY-----\n"

/* 1024 bits, primes that are powers of 65537 modulo small ones */
#define PEM_ROCA \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXQIBAAKBgQCmblZ3+kkYYAUcrUQe7h6MHWo8+OXGrzy0ae/wN8xf6g5RMT0Z\n" \
	"fllEHezgxU9S5xYv4PfMx9oegciW5E2FsZZRn5F4kVBbt683Kwq6uY5wmU8tZv0i\n" \
	"djHs9achDf7I0w1G2w3rbnfJb5jZPF6l6HAgc1AVa8enZIY9+kKuqJApkwIDAQAB\n" \
	"AoGAPc5oCjJGhujRvS6TR7FCYuJhm7cLDdfyAUX+NwVhvpTbMEfK2vbTC7rZRze/\n" \
	"F5h94tX28HOfiwjDh1XNfELRAXFSBLM311JDnARFKeQHcbkrgtjpfkIynQUyMTMB\n" \
	"x6HC6cWCROaCijlcQaA+bmAvwW+C+uajit3ZFhO9im8PzkECQQDBjWrA/kMqoehX\n" \
	"PS4mBIBeUbKnYFrmwdDN8x57Xu7TsqJ0zO+LAijSV7Jtskm52tmGG7itXOz1t9X4\n" \
	"5amvj0gRAkEA3CDPuGq5gSKdkgHzZJdSET1ZCuvonN8WtWABQX7GSmM1jPuOrUuA\n" \
	"5DUbpwSP3RAok+s7rXTUzHa5foRQmDWbYwJAFILI+lS3h3AK8BvCpTK668Pam9Qh\n" \
	"Le0CFKEb7NT9mB+JCbmh9OgwrUGv3eIT4AcqIAUWCAEd91gY67xixAD6EQJBALei\n" \
	"Z6bg4X/o8KotFm6EDeJz2yRRSOwU70y/mkyZBbJosPO7p3rJ0eyOoVLja2Bvamp7\n" \
	"gn1hSWSIZpY0q0dO8SECQQCShfRQDqj6SrHL3L+1X/1msYuekn+vYMLGnJClroZ4\n" \
	"QtuIqSagCqryDgvSyKfbgkkU4tzJih19G7NLCUwectYc\n" \
	"-----END RSA PRIVATE KEY-----\n"
/* clang-format on */
