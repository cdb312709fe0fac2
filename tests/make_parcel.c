/* SPDX-License-Identifier: MPL-2.0 */
/* make_parcel request|file KID KEY DEPLOYMENT, as /api/v1/parcel-key gives them: seals standard input. */
#include "made_parcel.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

static int read_key(char **argv, struct vault_parcel_key *ret)
{
	struct buf id = BUF_INIT(sizeof ret->id), point = BUF_INIT(sizeof ret->point);
	int good = hex_decode(bytes_str(argv[2]), &id) == RC_OK && id.len == sizeof ret->id &&
	           base64url_decode(bytes_str(argv[3]), &point) == RC_OK && point.len == sizeof ret->point &&
	           id_parse(bytes_str(argv[4]), &ret->deployment) == RC_OK;
	if (good) {
		memcpy(ret->id, id.ptr, id.len);
		memcpy(ret->point, point.ptr, point.len);
	}
	buf_release(&id);
	buf_release(&point);
	return good;
}

int main(int argc, char **argv)
{
	struct vault_parcel_key key = {0};
	struct buf plain = BUF_INIT(8 << 20), out = BUF_INIT(9 << 20);
	uint8_t part[65536];
	ssize_t n;
	if (argc != 5 || !read_key(argv, &key)) {
		fprintf(stderr, "make_parcel request|file KID KEY DEPLOYMENT\n");
		return 2;
	}
	while ((n = read(STDIN_FILENO, part, sizeof part)) > 0)
		buf_append(&plain, bytes_of(part, (size_t)n));
	made_parcel(&key, strcmp(argv[1], "file") == 0 ? PARCEL_FILE : PARCEL_REQUEST, buf_bytes(&plain), &out);
	int good = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	buf_release(&plain);
	buf_release(&out);
	return good ? 0 : 1;
}
