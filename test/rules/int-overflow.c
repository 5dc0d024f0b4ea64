// fixture: arithmetic in 32 bits that a value from the device tree, a file or the wire makes wrap.
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/overflow.h>
#include <linux/platform_device.h>
#include <asm/byteorder.h>

#define PANEL_LINE_MAX 16384

struct panel {
	u64 frame_bytes;
	resource_size_t window;
	u32 line_bytes;
};

struct record {
	__le32 offset;
	__le32 length;
	__le16 short_length;
};

int panel_exercise(struct panel *panel, struct device_node *np, const struct record *rec, u32 size);

static int panel_read(struct device_node *np, const char *name, u32 *value)
{
	return of_property_read_u32(np, name, value);
}

static int panel_positive(u32 value)
{
	if (value > INT_MAX)
		return -EINVAL;
	return value;
}

static int panel_height(struct device_node *np)
{
	u32 height;
	int ret = panel_read(np, "height", &height);

	if (ret)
		return ret;
	return panel_positive(height);
}

static int panel_frame(struct panel *panel, struct device_node *np)
{
	u32 width, height;

	if (of_property_read_u32(np, "width", &width) || of_property_read_u32(np, "height", &height)) // related: int-overflow "comes from of_property_read_u32()"
		return -EINVAL;

	panel->frame_bytes = width * height; // warning: int-overflow "may wrap before it goes to the 64 bits of `panel->frame_bytes`: `width` is not bounded"
	return 0;
}

static int panel_window(struct panel *panel, struct device_node *np)
{
	u32 pages;

	if (panel_read(np, "pages", &pages))
		return -EINVAL;

	panel->window = pages << 12; // warning: int-overflow "`pages` is not bounded"
	return 0;
}

static int panel_lines(struct panel *panel, struct device_node *np)
{
	int height = panel_height(np);
	int stride = panel_height(np);

	if (height < 0 || stride < 0)
		return -EINVAL;

	panel->frame_bytes = stride * height; // warning: int-overflow "`stride` is not bounded"
	return 0;
}

static int panel_frame_wide(struct panel *panel, struct device_node *np)
{
	u32 width, height;

	if (of_property_read_u32(np, "width", &width) || of_property_read_u32(np, "height", &height))
		return -EINVAL;

	panel->frame_bytes = (u64)width * height; // ok: int-overflow
	return 0;
}

static int panel_frame_bounded(struct panel *panel, struct device_node *np)
{
	u32 width;

	if (of_property_read_u32(np, "width", &width) || width > PANEL_LINE_MAX)
		return -EINVAL;

	panel->frame_bytes = width * 4096; // ok: int-overflow
	return 0;
}

/* The panel's own line length is nobody's input. */
static void panel_frame_known(struct panel *panel, u32 lines)
{
	panel->frame_bytes = panel->line_bytes * lines; // ok: int-overflow
}

static int panel_cells(struct device_node *np, u32 room)
{
	u32 address, size;

	if (panel_read(np, "#address-cells", &address) || panel_read(np, "#size-cells", &size))
		return -EINVAL;
	return address + size > room ? -EINVAL : 0; // ok: int-overflow
}

static int record_check(const struct record *rec, u32 size)
{
	u32 offset = le32_to_cpu(rec->offset); // related: int-overflow "comes from le32_to_cpu()"
	u32 length = le32_to_cpu(rec->length);

	if (offset + length > size) // warning: int-overflow "the sum may wrap in 32 bits, and the test then passes: `offset` is not bounded"
		return -EINVAL;
	return offset;
}

static int record_end(const struct record *rec, u32 start, u32 size)
{
	u32 length = le32_to_cpu(rec->length);
	u32 end = start + length; // warning: int-overflow "`length` is not bounded"

	if (end > size)
		return -EINVAL;
	return end;
}

static int record_subtract(const struct record *rec, u32 size)
{
	u32 offset = le32_to_cpu(rec->offset);
	u32 length = le32_to_cpu(rec->length);

	if (offset > size || length > size - offset) // ok: int-overflow
		return -EINVAL;
	return offset + length;
}

static int record_checked(const struct record *rec, u32 size)
{
	u32 offset = le32_to_cpu(rec->offset);
	u32 length = le32_to_cpu(rec->length);
	u32 end;

	if (check_add_overflow(offset, length, &end) || end > size) // ok: int-overflow
		return -EINVAL;
	return end;
}

static int record_short(const struct record *rec, u32 size)
{
	u32 length = le16_to_cpu(rec->short_length);

	if (length + sizeof(*rec) > size) // ok: int-overflow
		return -EINVAL;
	if (le16_to_cpu(rec->short_length) + 8 > size) // ok: int-overflow
		return -EINVAL;
	return length;
}

static int record_each(const struct record *rec, u32 size)
{
	u32 offset = le32_to_cpu(rec->offset);
	u32 length = le32_to_cpu(rec->length);

	if (offset > size || length > size)
		return -EINVAL;
	if (offset + length > size) // ok: int-overflow
		return -EINVAL;
	return offset;
}

int panel_exercise(struct panel *panel, struct device_node *np, const struct record *rec, u32 size)
{
	panel_frame_known(panel, 16);
	return panel_frame(panel, np) + panel_window(panel, np) + panel_lines(panel, np) + panel_frame_wide(panel, np) +
	       panel_frame_bounded(panel, np) + panel_cells(np, size) + record_check(rec, size) + record_end(rec, 8, size) +
	       record_subtract(rec, size) + record_checked(rec, size) + record_short(rec, size) + record_each(rec, size);
}

/* What has wrapped is too small, and is turned down. */
u32 record_context(const struct record *rec, u32 least)
{
	u32 offset = le32_to_cpu(rec->offset);

	if (offset + 1 < least) // ok: int-overflow
		return 0;
	return offset - least;
}

/* Two members of one header: whoever read it has compared them, or neither is to be believed. */
bool record_fits(const struct record *rec, u32 count)
{
	u32 offset = le32_to_cpu(rec->offset);

	if (offset + count > le32_to_cpu(rec->length)) // ok: int-overflow
		return false;
	return true;
}

MODULE_DESCRIPTION("Panel");
MODULE_LICENSE("GPL");
