// A tape drive whose open, probe and error paths free what they allocated.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

struct tape_file {
	void *buffer;
	char *label;
	size_t size;
};

int tape_hw_reserve(struct tape_file *file);

static int tape_open_buffer(struct tape_file *file)
{
	int ret;

	file->buffer = kmalloc(file->size, GFP_KERNEL);
	if (!file->buffer)
		return -ENOMEM;
	ret = tape_hw_reserve(file);
	if (ret)
		goto err_free;
	file->label = kstrdup("tape", GFP_KERNEL);
	if (!file->label) {
		kfree(file->buffer);
		ret = -ENOMEM;
		goto err_free;
	}
	return 0;

err_free:
	kfree(file->buffer); // error: double-free "`file->buffer` is freed again: kfree() freed it before"
	return ret;
}

/* Frees the file when it fails. */
static int tape_start(struct tape_file *file)
{
	if (tape_hw_reserve(file)) {
		kfree(file);
		return -EIO;
	}
	return 0;
}

static int tape_open(struct inode *inode, struct file *filp)
{
	struct tape_file *file;
	int ret;

	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return -ENOMEM;
	ret = tape_start(file); // related: double-free "tape_start() is called here; kfree() in it frees it"
	if (ret)
		goto err;
	filp->private_data = file;
	return 0;

err:
	kfree(file); // error: double-free "`file` is freed again: kfree() freed it before"
	return ret;
}

static void tape_free(struct tape_file *file)
{
	kfree(file->label);
	kfree(file->buffer);
}

static void tape_close(struct tape_file *file)
{
	kfree(file->buffer);
	tape_free(file); // error: double-free "`file->buffer` is freed again in tape_free(): kfree() freed it before"
	kfree(file); // ok: double-free
}

static void tape_close_right(struct tape_file *file)
{
	kfree(file->buffer);
	file->buffer = NULL;
	tape_free(file); // ok: double-free
	kfree(file);
}

static void tape_resize(struct tape_file *file, size_t size)
{
	kfree(file->buffer);
	file->buffer = kmalloc(size, GFP_KERNEL);
	kfree(file->label);
	if (!file->buffer)
		return;
	file->label = NULL;
	kfree(file->buffer); // ok: double-free
	file->buffer = NULL;
}

static void tape_free_all(void **buffers, int count)
{
	int i;

	for (i = 0; i < count; i++)
		kfree(buffers[i]); // ok: double-free
	kfree(buffers);
}

struct tape_drive {
	struct device dev;
	struct clk *clk;
	struct clk *spare;
	char *name;
};

static void tape_drive_release(struct device *dev)
{
	struct tape_drive *drive = container_of(dev, struct tape_drive, dev);

	kfree(drive);
}

static int tape_drive_add(struct device *parent)
{
	struct tape_drive *drive;
	int ret;

	drive = kzalloc(sizeof(*drive), GFP_KERNEL);
	if (!drive)
		return -ENOMEM;
	drive->dev.parent = parent;
	drive->dev.release = tape_drive_release;
	ret = device_register(&drive->dev);
	if (ret) {
		put_device(&drive->dev); // related: double-free "put_device() drops the reference that keeps it here"
		kfree(drive); // error: double-free "`drive` is freed again: its release function frees it when put_device() drops the last reference"
	}
	return ret;
}

static int tape_bay_add(struct device *parent)
{
	struct tape_drive *drive;
	int ret;

	drive = kzalloc(sizeof(*drive), GFP_KERNEL);
	if (!drive)
		return -ENOMEM;
	drive->dev.release = tape_drive_release;
	device_initialize(&drive->dev);
	get_device(&drive->dev);
	ret = device_add(&drive->dev);
	put_device(&drive->dev);
	if (ret)
		put_device(&drive->dev); // ok: double-free
	return ret;
}

static void tape_remove(struct platform_device *pdev)
{
	struct tape_drive *drive = platform_get_drvdata(pdev);

	clk_put(drive->clk); // error: double-free "`drive->clk` is released twice: by clk_put() here, and by the driver core because of devm_clk_get()"
	clk_put(drive->spare); // ok: double-free
	kfree(drive->name); // ok: double-free
	kfree(drive);
}

static int tape_probe(struct platform_device *pdev)
{
	struct tape_drive *drive;
	int ret;

	drive = kzalloc(sizeof(*drive), GFP_KERNEL);
	if (!drive)
		return -ENOMEM;
	platform_set_drvdata(pdev, drive);
	drive->clk = devm_clk_get(&pdev->dev, NULL); // related: double-free "devm_clk_get() has the driver core release it"
	if (IS_ERR(drive->clk)) {
		ret = PTR_ERR(drive->clk);
		kfree(drive); // ok: double-free
		return ret;
	}
	ret = tape_drive_add(&pdev->dev);
	if (ret)
		goto err;
	return 0;

err:
	tape_remove(pdev); // related: double-free "tape_remove() is called here; kfree() in it frees it"
	kfree(drive); // error: double-free "`drive` is freed again: kfree() freed it before"
	return ret;
}

static struct platform_driver tape_driver = {
	.probe = tape_probe,
	.remove_new = tape_remove,
	.driver = { .name = "tape" },
};
module_platform_driver(tape_driver);

static const struct file_operations tape_fops = {
	.owner = THIS_MODULE,
	.open = tape_open,
};

struct tape_set {
	void *page[8];
	int count;
};

int tape_set_fill(struct tape_set *set);
int tape_play(struct sk_buff *skb, int tries);

static void tape_set_free_one(struct tape_set *set, int index)
{
	kfree(set->page[index]);
}

static int tape_set_alloc_one(struct tape_set *set, int index)
{
	set->page[index] = kzalloc(512, GFP_KERNEL);
	if (!set->page[index])
		return -ENOMEM;
	if (!tape_rewind(set->page[index])) {
		kfree(set->page[index]);
		return -EIO;
	}
	return 0;
}

/* What a helper calls index is another number here: those that are freed are not the one that failed. */
int tape_set_fill(struct tape_set *set)
{
	int index, i, ret;

	for (index = 0; index < set->count; index++) {
		ret = tape_set_alloc_one(set, index);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	for (i = 0; i < index; i++)
		tape_set_free_one(set, i); // ok: double-free
	return ret;
}

/* Freed in the first round and in no other. */
int tape_play(struct sk_buff *skb, int tries)
{
	int i;

	for (i = 0; i < 16; i++) {
		if (!i)
			dev_kfree_skb(skb); // ok: double-free
		if (tape_is_idle(tries))
			break;
	}
	return 0;
}

MODULE_LICENSE("GPL");
