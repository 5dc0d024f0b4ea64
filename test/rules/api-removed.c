// fixture: what drivers of older kernels call, and what 6.12 lacks of it.
#include <linux/blkdev.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/genhd.h> // error: api-removed "<linux/genhd.h> was removed in Linux 5.18: use <linux/blkdev.h>"
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
#include <linux/version.h>
#include <linux/workqueue.h>
#include <asm/unaligned.h> // error: api-removed "<asm/unaligned.h> was removed in Linux 6.12: use <linux/unaligned.h>"
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#include <linux/genhd.h> // ok: api-removed
#endif

struct panel_item {
	struct hlist_node link;
};

struct panel {
	spinlock_t lock;
	void __iomem *regs;
	struct class *class;
	struct gendisk *disk;
	struct request_queue *queue;
	struct blk_mq_tag_set tags;
	struct tty_driver *tty;
	struct timer_list blink;
	struct napi_struct napi;
	void (*cli)(struct panel *p);
	int check_region;
};

/* A module that looks for its ports, as was done before request_region() could fail. */
static int panel_find_ports(struct panel *p, unsigned long port)
{
	unsigned long flags;

	if (check_region(port, 8)) // error: api-removed "check_region() is not in Linux 6.1 or later: use request_region()"
		return -EBUSY;
	if (check_mem_region(port, 8)) // error: api-removed "check_mem_region() is not in Linux 6.1 or later"
		return -EBUSY;
	save_flags(flags); // error: api-removed "use a spinlock with spin_lock_irqsave() and spin_unlock_irqrestore()"
	cli(); // error: api-removed "local_irq_disable() holds on this CPU only"
	outb(1, port);
	restore_flags(flags); // error: api-removed "restore_flags() is not in Linux 6.1 or later"
	p->cli(p); // ok: api-removed
	p->check_region = 1; // ok: api-removed
	return 0;
}

static int panel_map(struct panel *p, struct pci_dev *pdev)
{
	u64 mask = DMA_32BIT_MASK; // error: api-removed "DMA_32BIT_MASK is not in Linux 6.1 or later: use DMA_BIT_MASK(32)"

	if (pci_set_dma_mask(pdev, mask)) // error: api-removed "pci_set_dma_mask() was removed in Linux 5.18: use dma_set_mask(&pdev->dev, mask)"
		return -EIO;
	p->regs = ioremap_nocache(pci_resource_start(pdev, 0), 64); // error: api-removed "ioremap_nocache() was removed in Linux 5.6: use ioremap()"
	if (!p->regs)
		return -ENOMEM;
	return 0;
}

/* A disk with a queue of its own. */
static int panel_add_disk(struct panel *p, const struct blk_mq_ops *ops)
{
	p->queue = blk_mq_init_sq_queue(&p->tags, ops, 128, BLK_MQ_F_SHOULD_MERGE); // error: api-removed "blk_mq_init_sq_queue() was removed in Linux 5.14: use blk_mq_alloc_sq_tag_set() and blk_mq_alloc_disk()"
	blk_queue_logical_block_size(p->queue, 512); // error: api-removed "was removed in Linux 6.11: use a struct queue_limits"
	p->disk = alloc_disk(16); // error: api-removed "alloc_disk() was removed in Linux 5.15: use blk_mq_alloc_disk() or blk_alloc_disk()"
	p->disk = blk_alloc_disk(NUMA_NO_NODE); // error: api-removed "blk_alloc_disk() with 1 argument was removed in Linux 6.9: use blk_alloc_disk(lim, node)"
	p->disk = blk_mq_alloc_disk(&p->tags, p); // error: api-removed "blk_mq_alloc_disk() with 2 arguments was removed in Linux 6.9"
	p->disk = blk_mq_alloc_disk(&p->tags, NULL, p); // ok: api-removed
	return 0;
}

static void panel_remove_disk(struct panel *p)
{
	del_gendisk(p->disk);
	blk_cleanup_queue(p->queue); // error: api-removed "blk_cleanup_queue() was removed in Linux 6.0: use put_disk()"
	blk_cleanup_disk(p->disk); // error: api-removed "blk_cleanup_disk() was removed in Linux 6.0: use put_disk()"
}

static void panel_old_request(struct request_queue *q, struct bio *bio)
{
	struct request *rq = blk_fetch_request(q); // error: api-removed "blk_fetch_request() was removed in Linux 5.0"

	pr_debug("%u bytes of %p\n", bio_cur_bytes(bio), rq); // error: api-removed "bio_cur_bytes() is not in Linux 6.1 or later"
	pr_debug("for %d\n", kdev_t_to_nr(bio_dev(bio))); // error: api-removed "kdev_t_to_nr() is not in Linux 6.1 or later"
	bio_endio(bio, -EIO); // error: api-removed "bio_endio() with 2 arguments was removed in Linux 4.3: use bio_endio(bio)"
	submit_bio(WRITE, bio); // error: api-removed "submit_bio() with 2 arguments was removed in Linux 4.8"
}

static int panel_open(struct block_device *bdev, fmode_t mode)
{
	bdev_check_media_change(bdev); // error: api-removed "bdev_check_media_change() was removed in Linux 6.5: use disk_check_media_change()"
	return 0;
}

static void panel_release(struct gendisk *disk, fmode_t mode)
{
	pr_debug("%s is released\n", disk->disk_name);
}

static const struct block_device_operations panel_disk_ops = {
	.owner = THIS_MODULE,
	.open = panel_open, // error: api-removed "panel_open() takes a struct block_device *, but `open` of struct block_device_operations is `int (*open)(struct gendisk *disk, blk_mode_t mode)` since Linux 6.5"
	.release = panel_release, // error: api-removed "panel_release() takes 2 arguments, but `release` of struct block_device_operations is"
};

/* A disk that hands its requests to another one. */
static struct block_device *panel_lower_disk(const char *path)
{
	struct block_device *bdev;

	bdev = blkdev_get_by_path(path, // error: api-removed "blkdev_get_by_path() was removed in Linux 6.8: use bdev_file_open_by_path()"
				  FMODE_READ | FMODE_EXCL, // error: api-removed "FMODE_EXCL was removed in Linux 6.5"
				  THIS_MODULE);
	return bdev;
}

static void panel_close_lower_disk(struct block_device *bdev)
{
	blkdev_put(bdev, FMODE_READ); // error: api-removed "blkdev_put() was removed in Linux 6.8"
}

/* A terminal, and a serial port. */
static int panel_tty_write(struct tty_struct *tty, const unsigned char *buf, int count)
{
	return count;
}

static unsigned int panel_tty_write_room(struct tty_struct *tty)
{
	return 16;
}

static void panel_tty_set_termios(struct tty_struct *tty, struct ktermios *old)
{
}

static int panel_tty_tiocmget(struct tty_struct *tty, struct file *file)
{
	return 0;
}

static const struct tty_operations panel_tty_ops = {
	.write = panel_tty_write, // error: api-removed "panel_tty_write() returns int, but `write` of struct tty_operations is `ssize_t"
	.write_room = panel_tty_write_room, // ok: api-removed
	.set_termios = panel_tty_set_termios, // error: api-removed "takes a struct ktermios * that is not const"
	.tiocmget = panel_tty_tiocmget, // error: api-removed "panel_tty_tiocmget() takes 2 arguments"
};

static int panel_add_tty(struct panel *p)
{
	p->tty = alloc_tty_driver(4); // error: api-removed "alloc_tty_driver() was removed in Linux 5.15: use tty_alloc_driver(lines, flags), which returns an error pointer"
	if (!p->tty)
		return -ENOMEM;
	tty_set_operations(p->tty, &panel_tty_ops);
	return 0;
}

static void panel_remove_tty(struct panel *p)
{
	put_tty_driver(p->tty); // error: api-removed "put_tty_driver() was removed in Linux 5.15: use tty_driver_kref_put()"
}

static unsigned int panel_waiting(struct uart_port *port)
{
	struct circ_buf *xmit = &port->state->xmit;

	if (uart_circ_empty(xmit)) // error: api-removed "uart_circ_empty() was removed in Linux 6.10: use kfifo_is_empty(&tport->xmit_fifo)"
		return 0;
	return uart_circ_chars_pending(xmit); // error: api-removed "use kfifo_len(&tport->xmit_fifo)"
}

/* A socket in the kernel, with a timer. */
static void panel_print_peer(struct panel *p, __be32 addr)
{
	pr_info("%d.%d.%d.%d\n", NIPQUAD(addr)); // error: api-removed "NIPQUAD() is not in Linux 6.1 or later: use the format %pI4"
}

static void panel_start_blinking(struct panel *p, void (*blink)(unsigned long))
{
	setup_timer(&p->blink, blink, 0); // error: api-removed "setup_timer() was removed in Linux 4.15: use timer_setup(timer, callback, flags)"
}

static void panel_stop_blinking(struct panel *p)
{
	del_timer_sync(&p->blink); // hint: api-removed "del_timer_sync() still works, but is gone in Linux 6.15: use timer_delete_sync()"
	del_timer_sync(&p->blink); // ok: api-removed
}

static void panel_blink(struct timer_list *t)
{
	struct panel *p = from_timer(p, t, blink); // hint: api-removed "from_timer() still works, but is gone in Linux 6.16: use timer_container_of() from then on"

	p->check_region = 0;
}

static int panel_poll(struct napi_struct *napi, int budget)
{
	return 0;
}

static void panel_add_napi(struct net_device *dev, struct panel *p)
{
	netif_napi_add(dev, &p->napi, panel_poll, 64); // error: api-removed "netif_napi_add() with 4 arguments was removed in Linux 6.1: use netif_napi_add(dev, napi, poll)"
}

/* Files. */
static long panel_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}

static int panel_old_ioctl(struct inode *inode, struct file *file, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}

static int panel_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_IO | VM_DONTDUMP; // error: api-removed "`vm_flags` of struct vm_area_struct is not written directly since Linux 6.3: use vm_flags_set() or vm_flags_clear() to change it"
	vma->vm_flags &= ~(VM_MAYWRITE); // error: api-removed "is not written directly since Linux 6.3"
	if (vma->vm_flags & VM_SHARED) // ok: api-removed
		return -EINVAL;
	return 0;
}

static const struct file_operations panel_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = panel_ioctl,
	.ioctl = panel_old_ioctl, // error: api-removed "`ioctl` of struct file_operations was removed in Linux 2.6.36: use unlocked_ioctl, which gets no inode"
	.mmap = panel_mmap,
	.llseek = no_llseek, // error: api-removed "no_llseek was removed in Linux 6.12: leave it out, a file without .llseek cannot be sought"
};

static int panel_add_files(struct panel *p)
{
	struct proc_dir_entry *entry;

	entry = create_proc_entry("panel", 0, NULL); // error: api-removed "create_proc_entry() was removed in Linux 3.10: use proc_create() with a struct proc_ops"
	if (!entry)
		return -ENOMEM;
	if (!proc_create("panel", 0, NULL, &panel_fops)) // error: api-removed "proc_create() takes no struct file_operations since Linux 5.6: use a struct proc_ops"
		return -ENOMEM;
	p->class = class_create(THIS_MODULE, "panel"); // error: api-removed "class_create() with 2 arguments was removed in Linux 6.4: use class_create(name), without the module"
	if (IS_ERR(p->class))
		return PTR_ERR(p->class);
	return 0;
}

static bool panel_may_write(void __user *to, size_t len)
{
	return access_ok(VERIFY_WRITE, to, len); // error: api-removed "access_ok() with 3 arguments was removed in Linux 5.0: use access_ok(addr, size)"
}

static void panel_name(char *to, const char *from)
{
	strlcpy(to, from, 16); // error: api-removed "strlcpy() was removed in Linux 6.8: use strscpy(), which returns -E2BIG when it truncates"
	if (strlcpy(to, from, 16) >= 16) // error: api-removed "strlcpy() was removed in Linux 6.8"
		pr_debug("the name is cut\n");
}

/* Devices and drivers. */
static int panel_plat_probe(struct platform_device *pdev)
{
	return 0;
}

static int panel_plat_remove(struct platform_device *pdev)
{
	if (!platform_get_drvdata(pdev))
		return 0;
	pr_debug("removed\n");

	return 0;
}

static struct platform_driver panel_plat_driver = {
	.probe = panel_plat_probe, // ok: api-removed
	.remove = panel_plat_remove, // error: api-removed "panel_plat_remove() returns int, but `remove` of struct platform_driver is `void (*remove)(struct platform_device *)` since Linux 6.11"
	.driver = { .name = "panel" },
};

static int panel_i2c_probe(struct i2c_client *client, const struct i2c_device_id *id)
{
	return 0;
}

static void panel_i2c_remove(struct i2c_client *client)
{
}

static struct i2c_driver panel_i2c_driver = {
	.probe = panel_i2c_probe, // error: api-removed "panel_i2c_probe() takes 2 arguments, but `probe` of struct i2c_driver is `int (*probe)(struct i2c_client *client)` since Linux 6.3"
	.remove = panel_i2c_remove, // ok: api-removed
	.driver = { .name = "panel" },
};

static struct i2c_driver panel_second_driver = {
	.probe_new = NULL, // error: api-removed "`probe_new` of struct i2c_driver was removed in Linux 6.6: use probe"
	.driver = { .name = "panel2" },
};

static char *panel_devnode(struct device *dev, umode_t *mode)
{
	return NULL;
}

static char *panel_new_devnode(const struct device *dev, umode_t *mode)
{
	return NULL;
}

static struct class panel_class = {
	.name = "panel",
	.owner = THIS_MODULE, // error: api-removed "`owner` of struct class was removed in Linux 6.4: leave it out, a class has no owner any more"
	.devnode = panel_devnode, // error: api-removed "panel_devnode() takes a struct device * that is not const"
};

static struct class panel_new_class = {
	.name = "panel",
	.devnode = panel_new_devnode, // ok: api-removed
};

/* One source for several kernels. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static struct class *panel_class_of(const char *name)
{
	pr_debug("%lu\n", current_kernel_time().tv_sec); // ok: api-removed
	return class_create(THIS_MODULE, name); // ok: api-removed
}
#else
static struct class *panel_class_of(const char *name)
{
	return class_create(name); // ok: api-removed
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int panel_both_remove(struct platform_device *pdev)
#else
static void panel_both_remove(struct platform_device *pdev)
#endif
{
	pr_debug("removed\n");
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	return 0;
#endif
}

static struct platform_driver panel_both_driver = {
	.remove = panel_both_remove, // ok: api-removed
	.driver = { .name = "panel" },
};

static int panel_count(struct panel *p, struct hlist_head *head)
{
	struct hlist_node *node;
	struct panel_item *item;
	int count = 0;

	hlist_for_each_entry(item, node, head, link) // error: api-removed "hlist_for_each_entry() with 4 arguments was removed in Linux 3.9: use hlist_for_each_entry(pos, head, member), without the node"
		count++;
	hlist_for_each_entry(item, head, link) // ok: api-removed
		count++;
	return count;
}

static void panel_stop(struct panel *p)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	timer_delete(&p->blink);
#else
	del_timer(&p->blink); // ok: api-removed
#endif
#ifndef HAVE_PUT_DISK
	blk_cleanup_queue(p->queue); // ok: api-removed
#endif
}

#define get_seconds() 0

static long panel_seconds(void)
{
	return get_seconds(); // ok: api-removed
}

static int sti(struct panel *p)
{
	return p->check_region;
}

static int panel_sti(struct panel *p)
{
	return sti(p); // ok: api-removed
}

static int __devinit panel_setup(struct panel *p) // error: api-removed "__devinit was removed in Linux 3.8: leave it out, devices come and go at any time"
{
	if (request_irq(4, NULL, IRQF_DISABLED, "panel", p)) // error: api-removed "IRQF_DISABLED was removed in Linux 4.1"
		return -EBUSY;
	return 0;
}

static DEFINE_SEMAPHORE(panel_sem); // error: api-removed "DEFINE_SEMAPHORE() with 1 argument was removed in Linux 6.4: use DEFINE_SEMAPHORE(name, count)"
static DECLARE_MUTEX(panel_mutex); // error: api-removed "DECLARE_MUTEX() was removed in Linux 2.6.37"

MODULE_SUPPORTED_DEVICE("panel"); // error: api-removed "MODULE_SUPPORTED_DEVICE() was removed in Linux 5.12: leave it out, it had no effect"
MODULE_LICENSE("GPL");
