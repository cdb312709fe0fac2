/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Functions that must not be used, turned into errors. Forced into every
 * source by the build (-include), after the system headers that declare them.
 */
#ifndef CIVIS_BASE_BANNED_H
#define CIVIS_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof gmtime localtime ctime asctime tmpnam mktemp tempnam
#pragma GCC poison srand
/* Not poisoned: OpenSSL's headers name parameters so. Only the call is banned. */
#define rand() banned_rand_use_random_bytes

#endif
