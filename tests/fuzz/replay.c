/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Runs a fuzz target over each file of a corpus folder, and over every prefix
 * and some single-byte changes of it, so that a plain compiler and a sanitizer
 * replay what the fuzzer has found.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_SIZE_MAX = 1 << 20, MAX_MUTATIONS = 256 };

/* A copy of exactly the size, so that a sanitizer sees one byte too far. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void feed_with_changes(uint8_t *data, size_t size)
{
	size_t step = size / MAX_MUTATIONS + 1;
	feed(data, size);
	for (size_t i = 0; i < size; i += step) {
		uint8_t kept = data[i];
		feed(data, i);
		data[i] = (uint8_t)(kept ^ (1u << (i % 8)));
		feed(data, size);
		data[i] = 0xff;
		feed(data, size);
		data[i] = kept;
	}
}

int main(int argc, char **argv)
{
	static uint8_t data[INPUT_SIZE_MAX];
	int n = 0;
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	if (!dir) {
		printf("1..0\nBail out! no corpus folder\n");
		return 2;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
		FILE *f = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
		if (!f)
			continue;
		size_t size = fread(data, 1, sizeof data, f);
		fclose(f);
		feed_with_changes(data, size);
		printf("ok %d - %s\n", ++n, entry->d_name);
	}
	closedir(dir);
	if (n == 0)
		printf("not ok %d - the corpus is empty\n", ++n);
	printf("1..%d\n", n);
	return 0;
}
