/* SPDX-License-Identifier: MPL-2.0 */
/* A certificate layout's JSON, as a pack's author writes it. */
#include <stdlib.h>

#include "document/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct certificate_layout layout;
	char artwork[64];
	layout = (struct certificate_layout){.style_count = 0};
	if (layout_parse(bytes_of(data, size), &layout, artwork, sizeof artwork, NULL) == RC_OK)
		for (size_t i = 0; i < layout.box_count; i++)
			if (!layout.boxes[i].style)
				abort();
	return 0;
}
