// fixture: what looks as if it were kept, and is undone by others, given to others, or still under way.
#include <linux/buffer_head.h>
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fb.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <media/v4l2-async.h>

struct radio {
	struct device *dev;
	int irq;
	bool clocked;
};

struct easel {
	struct radio own;
	struct device *dev;
	struct clk *clk;
	struct clk *other;
	void *names;
	void *lines;
	void *cached;
	void *spare;
};

/* Its caller undoes what it has done when it fails. */
static int easel_add_files(struct easel *easel)
{
	int ret = clk_prepare_enable(easel->clk);

	if (ret)
		return ret;
	return easel_add_more(easel); // ok: missing-release-on-error-path
}

static int easel_add_both(struct easel *easel)
{
	int ret = clk_prepare_enable(easel->clk);

	if (ret)
		return ret;
	ret = clk_prepare_enable(easel->other);
	if (ret)
		return ret; // ok: missing-release-on-error-path
	return 0;
}

static void easel_remove_both(struct easel *easel)
{
	clk_disable_unprepare(easel->clk);
}

static int easel_probe(struct platform_device *pdev)
{
	struct easel *easel = devm_kzalloc(&pdev->dev, sizeof(*easel), GFP_KERNEL);
	int ret;

	if (!easel)
		return -ENOMEM;
	platform_set_drvdata(pdev, easel);
	ret = easel_add_both(easel);
	if (ret)
		easel_remove_both(easel);
	return ret ?: easel_add_files(easel);
}

static struct platform_driver easel_driver = {
	.probe = easel_probe,
	.driver = {
		.name = "easel",
	},
};

/* It is undone where the pointer that it filled says that there is something. */
int easel_sketch(struct easel *easel, bool named)
{
	int ret = easel_lines_create(&easel->lines);

	if (ret)
		goto out;
	if (named) {
		ret = easel_names_create("a", &easel->names);
		if (ret)
			goto out_lines;
	}
	ret = easel_draw(easel);
	if (ret)
		goto out_names;
out_names:
	if (easel->names)
		easel_names_destroy(easel->names);
out_lines:
	if (easel->lines)
		easel_lines_destroy(easel->lines);
out:
	if (ret)
		return ret; // ok: missing-release-on-error-path
	return 0;
}

/* What is under way is no failure: whoever ends it gives the memory back. */
int easel_paint(struct easel *easel, struct scatterlist *sg, int nents)
{
	int ret, n = dma_map_sg(easel->dev, sg, nents, DMA_TO_DEVICE);

	if (!n)
		return -EIO;
	ret = easel_start(easel, n);
	if (ret == -EINPROGRESS)
		return ret; // ok: missing-release-on-error-path
	dma_unmap_sg(easel->dev, sg, nents, DMA_TO_DEVICE);
	return ret;
}

/* Whoever wins the exchange has stored it. */
int easel_keep(struct easel *easel, size_t size)
{
	void *mine = kmalloc(size, GFP_KERNEL);

	if (!mine)
		return -ENOMEM;
	if (cmpxchg(&easel->cached, NULL, mine) != NULL)
		kfree(mine);
	if (easel_is_gone(easel))
		return -EIO; // ok: missing-release-on-error-path
	return 0;
}

static struct radio *easel_radio(size_t size)
{
	struct radio *radio = kmalloc(sizeof(*radio), GFP_KERNEL);

	if (!radio)
		return ERR_PTR(-ENOMEM);
	radio->irq = size;
	return radio;
}

/* One of its own to begin with: that is not freed. */
int easel_grow(struct easel *easel, size_t want)
{
	struct radio *radio = &easel->own;

	while (want > radio->irq) {
		if (radio != &easel->own)
			kfree(radio);
		radio = easel_radio(want); // ok: missing-release-on-error-path
		if (IS_ERR(radio))
			return PTR_ERR(radio);
		want = easel_count(easel);
	}
	easel->spare = radio;
	return 0;
}

/* Undone where a member says that there is something to undo. */
int easel_hang(struct easel *easel)
{
	int ret = clk_prepare_enable(easel->clk);

	if (ret)
		return ret;
	ret = easel_draw(easel->dev);
	if (ret)
		goto out;
	ret = easel_turn(easel->dev);
	if (ret)
		goto out_off;
	return 0;
out_off:
	clk_disable_unprepare(easel->clk);
	return ret;
out:
	if (easel->own.clocked)
		clk_disable_unprepare(easel->clk);
	return ret; // ok: missing-release-on-error-path
}

/* One comparison is the opposite of the other. */
int easel_note(struct easel *easel, int slot, int slots)
{
	u32 *note;

	if (slot < slots)
		note = easel_notes(easel, slot);
	else
		note = kmalloc(16, GFP_KERNEL);
	if (!note)
		return -ENOMEM;
	*note = slot;
	if (slot >= slots)
		kfree(note);
	return 0; // ok: missing-release-on-error-path
}

int easel_publish(struct easel *easel)
{
	void *names = kmalloc(16, GFP_KERNEL);
	void *spare;

	if (!names)
		return -ENOMEM;
	WRITE_ONCE(easel->names, names);
	spare = kmalloc(16, GFP_KERNEL);
	if (!spare)
		return -ENOMEM; // ok: missing-release-on-error-path
	smp_store_release(&easel->spare, spare);
	return 0; // ok: missing-release-on-error-path
}

/* Its turn will come. */
int easel_queue(struct easel *easel, struct scatterlist *sg, int nents)
{
	int ret, n = dma_map_sg(easel->dev, sg, nents, DMA_TO_DEVICE);

	if (!n)
		return -EIO;
	ret = easel_start(easel, n);
	if (ret == -EINPROGRESS)
		return ret;
	if (ret == -EBUSY && easel_may_wait(easel))
		return ret; // ok: missing-release-on-error-path
	dma_unmap_sg(easel->dev, sg, nents, DMA_TO_DEVICE);
	return ret;
}

struct frame_info {
	char *title;
	struct fb_info *info;
};

static int frame_probe(struct platform_device *pdev)
{
	struct frame_info *frame = devm_kzalloc(&pdev->dev, sizeof(*frame), GFP_KERNEL);
	int ret;

	if (!frame)
		return -ENOMEM;
	platform_set_drvdata(pdev, frame);
	frame->title = kstrdup("frame", GFP_KERNEL);
	if (!frame->title)
		return -ENOMEM;
	ret = register_framebuffer(frame->info);
	if (ret)
		kfree(frame->title);
	return ret;
}

/* The last user gives it back. */
static void frame_remove(struct platform_device *pdev) // ok: missing-release-on-error-path
{
	struct frame_info *frame = platform_get_drvdata(pdev);

	unregister_framebuffer(frame->info);
}

static void frame_destroy(struct fb_info *info)
{
	struct frame_info *frame = info->par;

	kfree(frame->title);
}

static const struct fb_ops frame_ops = {
	.owner = THIS_MODULE,
	.fb_destroy = frame_destroy,
};

static struct platform_driver frame_driver = {
	.probe = frame_probe,
	.remove = frame_remove,
	.driver = {
		.name = "frame",
	},
};

int easel_extend(struct super_block *sb, sector_t last)
{
	struct buffer_head *bh = sb_bread(sb, last);

	if (!bh)
		return -EINVAL;
	bforget(bh);
	return easel_is_full(sb) ? -ENOSPC : 0; // ok: missing-release-on-error-path
}

struct easel_set {
	u32 *table;
	int size;
};

/* The whole struct is copied, with what it holds. */
int easel_resize(struct easel_set *set, int size)
{
	struct easel_set new_set;

	new_set.table = kcalloc(size, sizeof(*new_set.table), GFP_KERNEL);
	if (!new_set.table)
		return -ENOMEM;
	new_set.size = size;
	*set = new_set;
	return 0; // ok: missing-release-on-error-path
}

/* Without runtime PM there is none to disable. */
int canvas_resume(struct device *dev, struct clk *clk)
{
	int ret;

	pm_runtime_enable(dev);
	if (!pm_runtime_enabled(dev)) {
		ret = clk_enable(clk);
		if (ret)
			return ret; // ok: missing-release-on-error-path
	}
	ret = canvas_load(dev);
	if (ret)
		goto err_disable;
	ret = canvas_show(dev);
	if (ret)
		goto err_disable;
	return 0;

err_disable:
	pm_runtime_disable(dev);
	return ret;
}

/* It is an error pointer already. */
int canvas_request(struct easel *easel)
{
	struct dma_chan *chan = dma_request_chan(easel->dev, "rx");

	if (PTR_ERR(chan) == -EPROBE_DEFER)
		return -EPROBE_DEFER; // ok: missing-release-on-error-path
	if (IS_ERR(chan))
		return 0;
	dma_release_channel(chan);
	return 0;
}

struct canvas_wait {
	int data;
	struct canvas_wait *next;
};

static void canvas_wait_init(struct canvas_wait *wait, int data)
{
	wait->data = data;
}

static void canvas_wait_add(struct canvas_wait **head, struct canvas_wait *wait)
{
	wait->next = *head;
	*head = wait;
}

static void canvas_wait_remove(struct canvas_wait **head, struct canvas_wait *wait)
{
	*head = wait->next;
}

/* What is removed is what was added. */
int canvas_wait_for(struct canvas_wait **head, int data)
{
	struct canvas_wait wait;
	int ret = 0;

	canvas_wait_init(&wait, data);
	if (!canvas_is_dry(data)) {
		canvas_wait_add(head, &wait);
		if (canvas_pause())
			ret = -EINTR;
		canvas_wait_remove(head, &wait);
	}
	if (ret == 0 && canvas_tell(data))
		ret = -EFAULT;
	return ret; // ok: missing-release-on-error-path
}

struct canvas_ring {
	u32 *slots;
};

/* Without a ring there is nobody to have the memory. */
int canvas_fill(struct canvas_ring *rings, int count)
{
	u32 *slots = kcalloc(count, sizeof(*slots), GFP_KERNEL);
	int i;

	if (!slots)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		rings[i].slots = slots;
	return 0; // ok: missing-release-on-error-path
}

/* The link goes with the driver of its consumer. */
int canvas_link(struct device *dev, struct device *frame)
{
	struct device_link *link;

	link = device_link_add(dev, frame, DL_FLAG_PM_RUNTIME | DL_FLAG_AUTOREMOVE_CONSUMER);
	if (!link)
		return -ENOMEM;
	if (READ_ONCE(link->status) == DL_STATE_SUPPLIER_UNBIND)
		return -ENODEV; // ok: missing-release-on-error-path
	return 0;
}

void canvas_unlink(struct device_link *link)
{
	device_link_del(link);
}

/* 1 is no failure: the packet is still the caller's. */
int canvas_event(struct easel *easel, int event, struct sk_buff *skb)
{
	int ret = 0;

	switch (event) {
	case 0:
		ret = canvas_send(easel, skb->len);
		break;
	default:
		return 1; // ok: missing-release-on-error-path
	}
	kfree_skb(skb);
	return ret;
}

static int canvas_split(struct easel *easel, struct sk_buff *skb)
{
	if (canvas_is_dry(skb->len))
		return -ENOMEM; // ok: missing-release-on-error-path
	kfree_skb(skb);
	return 0;
}

/* Its caller frees the packet when it fails. */
int canvas_paint(struct easel *easel, struct sk_buff *skb)
{
	int ret = canvas_split(easel, skb);

	if (ret < 0)
		kfree_skb(skb);
	return ret;
}

struct mural {
	struct v4l2_async_notifier notifier;
	struct v4l2_device v4l2_dev;
	struct device *dev;
};

/* Nothing was added to it yet. */
int mural_parse(struct mural *mural, struct fwnode_handle *ep)
{
	struct v4l2_async_connection *asc;
	int ret;

	v4l2_async_nf_init(&mural->notifier, &mural->v4l2_dev);
	asc = v4l2_async_nf_add_fwnode_remote(&mural->notifier, ep, struct v4l2_async_connection);
	if (IS_ERR(asc))
		return PTR_ERR(asc); // ok: missing-release-on-error-path
	ret = v4l2_async_nf_register(&mural->notifier);
	if (ret)
		v4l2_async_nf_cleanup(&mural->notifier);
	return ret;
}

static int mural_add(struct mural *mural, struct fwnode_handle *ep)
{
	struct v4l2_async_connection *asc;

	asc = v4l2_async_nf_add_fwnode_remote(&mural->notifier, ep, struct v4l2_async_connection);
	if (IS_ERR(asc))
		return PTR_ERR(asc);
	return mural_draw(mural); // ok: missing-release-on-error-path
}

static int mural_probe(struct platform_device *pdev)
{
	struct mural *mural = devm_kzalloc(&pdev->dev, sizeof(*mural), GFP_KERNEL);
	int ret;

	if (!mural)
		return -ENOMEM;
	ret = mural_add(mural, dev_fwnode(&pdev->dev));
	if (ret)
		goto err_cleanup;
	return 0;

err_cleanup:
	v4l2_async_nf_cleanup(&mural->notifier);
	return ret;
}

static struct platform_driver mural_driver = {
	.probe = mural_probe,
	.driver = {
		.name = "mural",
	},
};

MODULE_LICENSE("GPL");
