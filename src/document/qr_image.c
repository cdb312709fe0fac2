/* SPDX-License-Identifier: MPL-2.0 */
#include "document/qr_image.h"

#include <cairo.h>
#include <string.h>
#include <zint.h>

static bool is_alphanumeric(const char *text)
{
	return text[strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")] == 0;
}

enum rc qr_image_make(const char *text, struct qr_image *ret_image, struct err *e)
{
	size_t len = strlen(text);
	if (!is_alphanumeric(text))
		return err_set(e, RC_INVALID, "qr", "a character outside of the QR alphanumeric set");
	if (len > 3391) /* version 40, level M, alphanumeric */
		return err_set(e, RC_TOO_LARGE, "qr", "a QR code cannot hold %zu characters", len);
	struct zint_symbol *symbol = ZBarcode_Create();
	if (!symbol)
		return err_set(e, RC_NO_MEMORY, "qr", "%s", rc_text(RC_NO_MEMORY));
	symbol->symbology = BARCODE_QRCODE;
	symbol->input_mode = UNICODE_MODE;
	symbol->option_1 = 2; /* error correction M */
	enum rc rc = RC_OK;
	if (ZBarcode_Encode(symbol, (const unsigned char *)text, (int)len) >= ZINT_ERROR ||
	    symbol->rows != symbol->width || symbol->rows > QR_SIDE_MAX)
		rc = err_set(e, RC_INTERNAL, "qr", "%.99s", symbol->errtxt);
	if (rc == RC_OK) {
		memset(ret_image, 0, sizeof *ret_image);
		ret_image->side = (unsigned)symbol->rows;
		for (unsigned y = 0; y < ret_image->side; y++)
			for (unsigned x = 0; x < ret_image->side; x++)
				ret_image->dark[y][x] = (symbol->encoded_data[y][x >> 3] >> (x & 7)) & 1;
	}
	ZBarcode_Delete(symbol);
	return rc;
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
	struct buf *out = closure;
	buf_append(out, bytes_of(data, length));
	return buf_failed(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

enum rc qr_image_png(const struct qr_image *image, unsigned scale, struct buf *out, struct err *e)
{
	if (scale < 1 || scale > 16)
		return err_set(e, RC_INVALID, "qr", "a module is 1 to 16 pixels wide");
	int side = (int)((image->side + 2 * QR_QUIET_ZONE) * scale);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
	cairo_t *cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (unsigned y = 0; y < image->side; y++)
		for (unsigned x = 0; x < image->side; x++)
			if (image->dark[y][x])
				cairo_rectangle(cr, (x + QR_QUIET_ZONE) * scale, (y + QR_QUIET_ZONE) * scale, scale, scale);
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, out);
	cairo_surface_destroy(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return RC_OK;
	return err_set(e, buf_failed(out) ? RC_TOO_LARGE : RC_NO_MEMORY, "qr", "the picture cannot be written: %s",
	               cairo_status_to_string(status));
}
