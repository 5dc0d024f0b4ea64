// fixture: a bell with several ways to ring it.
#include <linux/cdev.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

static struct cdev bell_cdev;

static const struct file_operations bell_misc_fops = { // warning: missing-fops-owner "`bell_misc_fops` has no .owner = THIS_MODULE"
	.open = nonseekable_open,
};

static struct miscdevice bell_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bell",
	.fops = &bell_misc_fops, // related: missing-fops-owner "handed to struct miscdevice here"
};

static const struct file_operations bell_fops = { // warning: missing-fops-owner "the module can be unloaded while one of its files is open"
	.open = nonseekable_open,
};

static const struct file_operations bell_owned_fops = { // ok: missing-fops-owner
	.owner = THIS_MODULE,
	.open = nonseekable_open,
};

static const struct file_operations bell_debug_fops = { // ok: missing-fops-owner
	.open = simple_open,
};

static const struct proc_ops bell_proc_ops = { // ok: missing-fops-owner
	.proc_open = nonseekable_open,
};

static struct cdev bell_kept;

static const struct file_operations bell_kept_fops = { // ok: missing-fops-owner
	.open = nonseekable_open,
};

static int bell_keep(dev_t number)
{
	cdev_init(&bell_kept, &bell_kept_fops);
	bell_kept.owner = THIS_MODULE;
	return cdev_add(&bell_kept, number, 1);
}

static int bell_add(dev_t number)
{
	cdev_init(&bell_cdev, &bell_fops); // related: missing-fops-owner "handed to cdev_init() here"
	debugfs_create_file("bell", 0444, NULL, NULL, &bell_debug_fops);
	proc_create("bell", 0, NULL, &bell_proc_ops);
	return cdev_add(&bell_cdev, number, 1);
}

static int bell_count(void)
{
	return register_chrdev(240, "bell", &bell_owned_fops);
}

MODULE_DESCRIPTION("Bell");
MODULE_LICENSE("GPL");
