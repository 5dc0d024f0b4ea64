// fixture: the buffers are allocated, and the mapping is tested.
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct camera {
	struct usb_device *udev;
	struct device *dev;
	dma_addr_t ring;
	u8 *inside;
};

int camera_exercise(struct camera *c);

static int camera_id(struct camera *c)
{
	__le32 *id;
	int ret;

	id = kmalloc(sizeof(*id), GFP_KERNEL);
	if (!id)
		return -ENOMEM;
	ret = usb_control_msg(c->udev, usb_rcvctrlpipe(c->udev, 0), 1, USB_DIR_IN, 0, 0, id, sizeof(*id), 100);
	if (ret >= 0)
		ret = le32_to_cpu(*id);
	kfree(id);
	return ret;
}

static int camera_ring(struct camera *c)
{
	c->ring = dma_map_single(c->dev, c->inside, 32, DMA_FROM_DEVICE);
	if (dma_mapping_error(c->dev, c->ring))
		return -ENOMEM;
	return 0;
}

int camera_exercise(struct camera *c)
{
	return camera_ring(c) ?: camera_id(c);
}

MODULE_DESCRIPTION("Camera");
MODULE_LICENSE("GPL");
