// Lists from which the loop takes elements, and tables without an owner.
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>

struct cart {
	struct list_head node;
	u32 id;
};

static LIST_HEAD(carts);

/* fix: Use list_for_each_entry_safe() */
static void cart_forget_all(void)
{
	struct cart *cart;
	struct cart *next;

	list_for_each_entry_safe(cart, next, &carts, node) {
		list_del(&cart->node);
		kfree(cart);
	}
}

static int cart_open(struct inode *inode, struct file *file)
{
	file->private_data = &carts;
	return 0;
}

/* fix: Add .owner = THIS_MODULE */
static const struct file_operations cart_fops = {
	.owner = THIS_MODULE,
	.open = cart_open,
};

static struct miscdevice cart_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "cart",
	.fops = &cart_fops,
};

static int __init cart_init(void)
{
	return misc_register(&cart_device);
}

static void __exit cart_exit(void)
{
	misc_deregister(&cart_device);
	cart_forget_all();
}

module_init(cart_init);
module_exit(cart_exit);
MODULE_DESCRIPTION("Cart");
MODULE_LICENSE("GPL");
