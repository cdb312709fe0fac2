/* SPDX-License-Identifier: MPL-2.0 */
#include "document/picture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jpeglib.h>
#include <png.h>
#include <seccomp.h>
#include <zbar.h>

enum { TEXT_MAX = 8192, CHILD_OK = 0, CHILD_FORMAT = 10, CHILD_NOT_FOUND, CHILD_WALLS };

/* A grey picture, one byte a pixel. */
struct grey {
	unsigned width, height;
	uint8_t *pixels;
};

static bool is_png(struct bytes file)
{
	return file.len > 8 && memcmp(file.ptr, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static bool is_jpeg(struct bytes file)
{
	return file.len > 3 && memcmp(file.ptr, "\xff\xd8\xff", 3) == 0;
}

bool picture_is(struct bytes file)
{
	return is_png(file) || is_jpeg(file);
}

/* ── in the child ── */

static bool make_room(struct grey *g)
{
	size_t n = (size_t)g->width * g->height;
	g->pixels = n && n <= PICTURE_PIXELS_MAX ? malloc(n) : NULL;
	return g->pixels != NULL;
}

static bool decode_png(struct bytes file, struct grey *g)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	if (!png_image_begin_read_from_memory(&image, file.ptr, file.len))
		return false;
	image.format = PNG_FORMAT_GRAY;
	g->width = image.width;
	g->height = image.height;
	png_color white = {255, 255, 255}; /* behind what is transparent */
	return make_room(g) && png_image_finish_read(&image, &white, g->pixels, 0, NULL);
}

struct jpeg_failure {
	struct jpeg_error_mgr base;
	jmp_buf back;
};

static void jpeg_fail(j_common_ptr info)
{
	longjmp(((struct jpeg_failure *)info->err)->back, 1);
}

static void jpeg_quiet(j_common_ptr info)
{
	(void)info;
}

static bool decode_jpeg(struct bytes file, struct grey *g)
{
	struct jpeg_decompress_struct info;
	struct jpeg_failure failure;
	info.err = jpeg_std_error(&failure.base);
	failure.base.error_exit = jpeg_fail;
	failure.base.output_message = jpeg_quiet;
	if (setjmp(failure.back))
		return false; /* the child ends: nothing is freed */
	jpeg_create_decompress(&info);
	jpeg_mem_src(&info, file.ptr, file.len);
	jpeg_read_header(&info, TRUE);
	info.out_color_space = JCS_GRAYSCALE;
	g->width = info.image_width;
	g->height = info.image_height;
	if (!make_room(g) || !jpeg_start_decompress(&info))
		return false;
	while (info.output_scanline < info.output_height) {
		JSAMPROW row = g->pixels + (size_t)info.output_scanline * g->width;
		jpeg_read_scanlines(&info, &row, 1);
	}
	return true;
}

static const char *scan(const struct grey *g, const char *prefix)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	const char *found = NULL;
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, g->width, g->height);
	zbar_image_set_data(image, g->pixels, (unsigned long)g->width * g->height, NULL);
	if (zbar_scan_image(scanner, image) <= 0)
		return NULL;
	for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s)) {
		const char *text = zbar_symbol_get_data(s);
		if (!found || strncmp(text, prefix, strlen(prefix)) == 0)
			found = text;
	}
	return found;
}

/* What decoding needs after the walls stand: memory, the pipe, an end. */
static bool put_up_walls(void)
{
	static const int allowed[] = {
		SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
		SCMP_SYS(exit_group), SCMP_SYS(exit), SCMP_SYS(clock_gettime), SCMP_SYS(futex), SCMP_SYS(getrandom),
		SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
		/* the sanitizers' own, at the end of a process */
		SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(mprotect),
	};
	const struct rlimit cpu = {PICTURE_SECONDS_MAX, PICTURE_SECONDS_MAX}, none = {0, 0};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || setrlimit(RLIMIT_CPU, &cpu) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0)
		return false;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good = ctx != NULL;
	for (size_t i = 0; good && i < sizeof allowed / sizeof allowed[0]; i++)
		good = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	good = good && seccomp_load(ctx) == 0;
	seccomp_release(ctx);
	return good;
}

static int child(struct bytes file, const char *prefix, int pipe)
{
	struct grey g = {0};
	if (!put_up_walls())
		return CHILD_WALLS;
	if (!(is_png(file) ? decode_png(file, &g) : decode_jpeg(file, &g)))
		return CHILD_FORMAT;
	const char *text = scan(&g, prefix);
	size_t n = text ? strlen(text) : 0;
	/* smaller than a pipe's room, so it goes in one piece */
	if (n == 0 || n > TEXT_MAX || write(pipe, text, n) != (ssize_t)n)
		return CHILD_NOT_FOUND;
	return CHILD_OK;
}

/* ── in the parent ── */

static enum rc take_text(int pipe, struct buf *out)
{
	uint8_t piece[TEXT_MAX];
	for (;;) {
		ssize_t n = read(pipe, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 && !buf_failed(out) ? RC_OK : RC_IO;
		buf_append(out, bytes_of(piece, (size_t)n));
	}
}

static enum rc judge(int status, struct err *e)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_OK)
		return RC_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_NOT_FOUND)
		return err_set(e, RC_NOT_FOUND, "picture", "there is no QR code in the picture");
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_WALLS)
		return err_set(e, RC_IO, "picture", "the decoder cannot be confined on this machine");
	return err_set(e, RC_FORMAT, "picture", "the picture cannot be decoded");
}

enum rc picture_read_qr(struct bytes file, const char *prefix, struct buf *out, struct err *e)
{
	int ends[2], status = 0;
	if (!picture_is(file) || file.len > PICTURE_MAX)
		return err_set(e, RC_FORMAT, "picture", "not a PNG or JPEG of at most %zu bytes", PICTURE_MAX);
	if (pipe(ends) != 0)
		return err_set(e, RC_IO, "picture", "pipe failed: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		_exit(child(file, prefix, ends[1]));
	}
	close(ends[1]);
	enum rc rc = pid < 0 ? RC_IO : take_text(ends[0], out);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (rc != RC_OK)
		return err_set(e, rc, "picture", "the decoder could not be run");
	return judge(status, e);
}
