// fixture: the panel, for 6.12.
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/proc_fs.h>
#include <linux/serial_core.h>
#include <linux/timer.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/unaligned.h>

struct panel {
	spinlock_t lock;
	void __iomem *regs;
	struct class *class;
	struct gendisk *disk;
	struct blk_mq_tag_set tags;
	struct tty_driver *tty;
	struct timer_list blink;
	struct napi_struct napi;
};

static int panel_find_ports(struct panel *p, unsigned long port)
{
	unsigned long flags;

	if (!request_region(port, 8, "panel"))
		return -EBUSY;
	spin_lock_irqsave(&p->lock, flags);
	outb(1, port);
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

static int panel_map(struct panel *p, struct pci_dev *pdev)
{
	if (dma_set_mask(&pdev->dev, DMA_BIT_MASK(32)))
		return -EIO;
	p->regs = ioremap(pci_resource_start(pdev, 0), 64);
	if (!p->regs)
		return -ENOMEM;
	return 0;
}

static int panel_add_disk(struct panel *p)
{
	struct queue_limits lim = { .logical_block_size = 512 };

	p->disk = blk_mq_alloc_disk(&p->tags, &lim, p);
	return PTR_ERR_OR_ZERO(p->disk);
}

static void panel_remove_disk(struct panel *p)
{
	del_gendisk(p->disk);
	put_disk(p->disk);
}

static int panel_open(struct gendisk *disk, blk_mode_t mode)
{
	disk_check_media_change(disk);
	return 0;
}

static void panel_release(struct gendisk *disk)
{
	pr_debug("%s is released\n", disk->disk_name);
}

static const struct block_device_operations panel_disk_ops = {
	.owner = THIS_MODULE,
	.open = panel_open,
	.release = panel_release,
};

static struct file *panel_lower_disk(const char *path)
{
	return bdev_file_open_by_path(path, BLK_OPEN_READ, THIS_MODULE, NULL);
}

static ssize_t panel_tty_write(struct tty_struct *tty, const u8 *buf, size_t count)
{
	return count;
}

static void panel_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
}

static int panel_tty_tiocmget(struct tty_struct *tty)
{
	return 0;
}

static const struct tty_operations panel_tty_ops = {
	.write = panel_tty_write,
	.set_termios = panel_tty_set_termios,
	.tiocmget = panel_tty_tiocmget,
};

static int panel_add_tty(struct panel *p)
{
	p->tty = tty_alloc_driver(4, TTY_DRIVER_REAL_RAW);
	if (IS_ERR(p->tty))
		return PTR_ERR(p->tty);
	tty_set_operations(p->tty, &panel_tty_ops);
	return 0;
}

static void panel_remove_tty(struct panel *p)
{
	tty_driver_kref_put(p->tty);
}

static unsigned int panel_waiting(struct uart_port *port)
{
	return kfifo_len(&port->state->port.xmit_fifo);
}

static void panel_stop_blinking(struct panel *p)
{
	timer_delete_sync(&p->blink);
}

static int panel_poll(struct napi_struct *napi, int budget)
{
	return 0;
}

static void panel_add_napi(struct net_device *dev, struct panel *p)
{
	netif_napi_add(dev, &p->napi, panel_poll);
}

static long panel_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}

static int panel_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_IO | VM_DONTDUMP);
	vm_flags_clear(vma, VM_MAYWRITE);
	return 0;
}

static const struct file_operations panel_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = panel_ioctl,
	.mmap = panel_mmap,
};

static const struct proc_ops panel_proc_ops = {
	.proc_ioctl = panel_ioctl,
};

static int panel_add_files(struct panel *p)
{
	if (!proc_create("panel", 0, NULL, &panel_proc_ops))
		return -ENOMEM;
	p->class = class_create("panel");
	return PTR_ERR_OR_ZERO(p->class);
}

static bool panel_may_write(void __user *to, size_t len)
{
	return access_ok(to, len);
}

static void panel_plat_remove(struct platform_device *pdev)
{
	if (!platform_get_drvdata(pdev))
		return;
	pr_debug("removed\n");
}

static struct platform_driver panel_plat_driver = {
	.remove = panel_plat_remove,
	.driver = { .name = "panel" },
};

static int panel_i2c_probe(struct i2c_client *client)
{
	return 0;
}

static struct i2c_driver panel_i2c_driver = {
	.probe = panel_i2c_probe,
	.driver = { .name = "panel" },
};

static char *panel_devnode(const struct device *dev, umode_t *mode)
{
	return NULL;
}

static struct class panel_class = {
	.name = "panel",
	.devnode = panel_devnode,
};

static DEFINE_SEMAPHORE(panel_sem, 1);

MODULE_LICENSE("GPL");
