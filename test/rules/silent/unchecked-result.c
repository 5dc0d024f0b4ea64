// fixture: what looks as if it could fail, or as if somebody followed it.
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/ioport.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

struct press {
	struct block_device *bdev;
	mempool_t *pool;
	const char *name;
	int kind;
};

static struct kmem_cache *press_cache;

static int __init press_setup(void)
{
	press_cache = KMEM_CACHE(press, SLAB_PANIC | SLAB_ACCOUNT); // ok: unchecked-result
	return 0;
}
core_initcall(press_setup);

struct press *press_new(void)
{
	return kmem_cache_zalloc(press_cache, GFP_KERNEL);
}

/* The pool keeps some back for those who can wait. */
void press_print(struct press *press, blk_opf_t opf)
{
	struct bio *bio = bio_alloc(press->bdev, 1, opf, GFP_NOIO); // ok: unchecked-result

	bio->bi_private = press;
	submit_bio(bio);
}

void press_ink(struct press *press)
{
	struct press *page = mempool_alloc(press->pool, GFP_KERNEL); // ok: unchecked-result

	page->kind = 1;
	mempool_free(page, press->pool);
}

void press_stop(struct press *press)
{
	const char *name = kstrdup(press->name, GFP_KERNEL); // ok: unchecked-result

	kfree(press);
	pr_info("%s stopped\n", name);
	kfree(name);
}

/* Nobody who asks expects a kind that there is not. */
static struct press *press_of(struct press *all, int kind)
{
	switch (kind) {
	case 0:
		return &all[0];
	case 1:
		return &all[1];
	default:
		return ERR_PTR(-EINVAL);
	}
}

int press_width(struct press *all)
{
	struct press *press = press_of(all, all->kind);

	return press->kind; // ok: unchecked-result
}

int press_height(struct press *all)
{
	struct press *press = press_of(all, all->kind);

	return press->kind; // ok: unchecked-result
}

int press_depth(struct press *all)
{
	struct press *press = press_of(all, all->kind);

	return press->kind; // ok: unchecked-result
}

static struct platform_device *press_light;

/* What unregisters it takes an error pointer. */
void press_light_on(struct device *dev)
{
	press_light = platform_device_register_data(dev, "light", -1, NULL, 0); // ok: unchecked-result
}

void press_light_off(void)
{
	platform_device_unregister(press_light);
}

static int press_probe(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	if (!res)
		return -ENODEV;
	if (!request_mem_region(res->start, resource_size(res), "press"))
		return -EBUSY;
	return 0;
}

/* What was there when it was bound is there still. */
static void press_remove(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	release_mem_region(res->start, resource_size(res)); // ok: unchecked-result
}

static struct platform_driver press_driver = {
	.probe = press_probe,
	.remove_new = press_remove,
	.driver = {
		.name = "press",
	},
};
module_platform_driver(press_driver);

MODULE_LICENSE("GPL");
