// A tape drive whose open, probe and error paths free what they allocated.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/platform_device.h>
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
		ret = -ENOMEM;
		goto err_free;
	}
	return 0;

err_free:
	kfree(file->buffer);
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
	ret = tape_start(file);
	if (ret)
		return ret;
	filp->private_data = file;
	return 0;
}

static void tape_free(struct tape_file *file)
{
	kfree(file->label);
	kfree(file->buffer);
}

static void tape_close(struct tape_file *file)
{
	tape_free(file);
	kfree(file);
}

static void tape_close_right(struct tape_file *file)
{
	kfree(file->buffer);
	file->buffer = NULL;
	tape_free(file);
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
	kfree(file->buffer);
	file->buffer = NULL;
}

static void tape_free_all(void **buffers, int count)
{
	int i;

	for (i = 0; i < count; i++)
		kfree(buffers[i]);
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
	if (ret)
		put_device(&drive->dev);
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
		put_device(&drive->dev);
	return ret;
}

static void tape_remove(struct platform_device *pdev)
{
	struct tape_drive *drive = platform_get_drvdata(pdev);

	clk_put(drive->spare);
	kfree(drive->name);
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
	drive->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(drive->clk)) {
		ret = PTR_ERR(drive->clk);
		kfree(drive);
		return ret;
	}
	ret = tape_drive_add(&pdev->dev);
	if (ret)
		goto err;
	return 0;

err:
	tape_remove(pdev);
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

MODULE_LICENSE("GPL");
