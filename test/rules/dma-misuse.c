// fixture: buffers on the stack that go to a device, and mappings that nobody tests.
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct header {
	__le32 length;
	u8 payload[16];
};

struct camera {
	struct usb_device *udev;
	struct device *dev;
	struct header *shared;
	dma_addr_t ring;
	u8 inside[32];
};

int camera_exercise(struct camera *c, u8 given[8], struct urb *urb);
void camera_done(struct urb *urb);

static int camera_command(struct camera *c, u8 command)
{
	return usb_bulk_msg(c->udev, usb_sndbulkpipe(c->udev, 1), &command, 1, NULL, 100); // warning: dma-misuse "usb_bulk_msg() hands `&command` to a device"
}

static int camera_id(struct camera *c)
{
	__le32 id; // related: dma-misuse "`id` is declared here, on the stack"
	int ret;

	ret = usb_control_msg(c->udev, usb_rcvctrlpipe(c->udev, 0), 1, USB_DIR_IN, 0, 0, &id, sizeof(id), 100); // warning: dma-misuse "usb_control_msg() hands `&id` to a device, and it lies on the stack"
	return ret < 0 ? ret : le32_to_cpu(id);
}

static int camera_header(struct camera *c)
{
	struct header h = {};

	return usb_bulk_msg(c->udev, usb_sndbulkpipe(c->udev, 1), h.payload, sizeof(h.payload), NULL, 100); // warning: dma-misuse "usb_bulk_msg() hands `h.payload` to a device"
}

static int camera_table(struct camera *c)
{
	struct scatterlist sg;
	u8 table[64];

	memset(table, 0, sizeof(table));
	sg_init_one(&sg, table, sizeof(table)); // warning: dma-misuse "sg_init_one() hands `table` to a device"
	return dma_map_sg(c->dev, &sg, 1, DMA_TO_DEVICE);
}

/* A mapping of which nobody knows whether it failed. */
static void camera_ring(struct camera *c)
{
	c->ring = dma_map_single(c->dev, c->inside, sizeof(c->inside), DMA_FROM_DEVICE); // information: dma-misuse "nothing asks dma_mapping_error() whether dma_map_single() failed"
}

/* What a parameter or a pointer leads to lies elsewhere. */
static int camera_given(struct camera *c, u8 given[8], struct urb *urb)
{
	static u8 fixed[4];
	u8 *buf = c->inside;
	int ret;

	ret = usb_bulk_msg(c->udev, usb_sndbulkpipe(c->udev, 1), given, 8, NULL, 100); // ok: dma-misuse
	if (ret)
		return ret;
	ret = usb_bulk_msg(c->udev, usb_sndbulkpipe(c->udev, 1), buf, 32, NULL, 100); // ok: dma-misuse
	if (ret)
		return ret;
	usb_fill_bulk_urb(urb, c->udev, usb_rcvbulkpipe(c->udev, 2), c->shared->payload, 16, camera_done, c); // ok: dma-misuse
	return usb_bulk_msg(c->udev, usb_sndbulkpipe(c->udev, 1), fixed, 4, NULL, 100); // ok: dma-misuse
}

int camera_exercise(struct camera *c, u8 given[8], struct urb *urb)
{
	camera_ring(c);
	return camera_command(c, given[0]) ?: camera_id(c) ?: camera_header(c) ?: camera_table(c) ?:
	       camera_given(c, given, urb);
}

MODULE_DESCRIPTION("Camera");
MODULE_LICENSE("GPL");
