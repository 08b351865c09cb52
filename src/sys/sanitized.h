/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sanitized - whether this is a build with AddressSanitizer.
 *
 * The sanitizer maps terabytes, reads /proc and, to look for leaks at the
 * end, starts a thread that traces the others: sandboxes have to let it.
 */
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if !defined(SANITIZED)
#define SANITIZED 0
#endif
