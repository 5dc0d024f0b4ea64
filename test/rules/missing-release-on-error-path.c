// fixture: what was obtained and is not given back when a later step fails.
#include <linux/cleanup.h>
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fb.h>
#include <linux/firmware.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/reset.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <media/v4l2-ctrls.h>

#define RADIO_ID 0x52

struct radio {
	struct device *dev;
	struct clk *clk;
	void __iomem *regs;
	struct list_head channels;
	char *name;
	int irq;
	bool clocked;
};

struct channel {
	struct list_head node;
	u32 *table;
	u32 number;
};

int radio_exercise(struct radio *r);
int radio_core_register(struct channel *c);

static int radio_identify(struct radio *r)
{
	u32 id = readl(r->regs);

	return id == RADIO_ID ? 0 : -ENODEV;
}

static int radio_load(struct radio *r, size_t len)
{
	u8 *buf;
	int ret;

	buf = kmalloc(len, GFP_KERNEL); // related: missing-release-on-error-path "kmalloc()"
	if (!buf)
		return -ENOMEM; // ok: missing-release-on-error-path

	ret = radio_identify(r);
	if (ret)
		return ret; // warning: missing-release-on-error-path "`buf` from kmalloc() is not freed on this error path"

	memcpy_fromio(buf, r->regs, len);
	kfree(buf);
	return 0;
}

static int radio_power_on(struct radio *r)
{
	int ret;

	ret = clk_prepare_enable(r->clk);
	if (ret)
		return ret; // ok: missing-release-on-error-path

	if (!readl(r->regs))
		return -EIO; // warning: missing-release-on-error-path "clk_prepare_enable() of `r->clk` is not undone on this error path"

	r->clocked = true;
	return 0;
}

static int radio_setup_clock(struct radio *r)
{
	struct clk *clk;
	int ret;

	clk = clk_get(r->dev, "radio");
	if (IS_ERR(clk))
		return PTR_ERR(clk); // ok: missing-release-on-error-path

	ret = clk_set_rate(clk, 48000000);
	if (ret)
		return ret; // warning: missing-release-on-error-path "`clk` from clk_get()"

	r->clk = clk;
	return 0;
}

static int radio_firmware(struct radio *r)
{
	const struct firmware *fw;
	int ret;

	ret = request_firmware(&fw, "radio.bin", r->dev);
	if (ret)
		return ret; // ok: missing-release-on-error-path

	if (fw->size < 16)
		return -EINVAL; // warning: missing-release-on-error-path "request_firmware()"

	memcpy_toio(r->regs, fw->data, fw->size);
	release_firmware(fw);
	return 0;
}

static int radio_wrong_label(struct radio *r)
{
	struct channel *c;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;

	c->table = kcalloc(64, sizeof(*c->table), GFP_KERNEL);
	if (!c->table) {
		ret = -ENOMEM;
		goto err_free_channel; // ok: missing-release-on-error-path
	}

	ret = clk_prepare_enable(r->clk);
	if (ret)
		goto err_free_channel;

	ret = radio_identify(r);
	if (ret)
		goto err_disable_clk; // ok: missing-release-on-error-path

	list_add(&c->node, &r->channels);
	return 0;

err_disable_clk:
	clk_disable_unprepare(r->clk);
	kfree(c->table);
err_free_channel:
	kfree(c);
	return ret; // warning: missing-release-on-error-path "`c->table` from kcalloc() is not freed on this error path"
}

static int radio_ladder(struct radio *r)
{
	struct channel *c;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;

	c->table = kcalloc(64, sizeof(*c->table), GFP_KERNEL);
	if (!c->table) {
		ret = -ENOMEM;
		goto err_free_channel;
	}

	ret = clk_prepare_enable(r->clk);
	if (ret)
		goto err_free_table;

	ret = radio_identify(r);
	if (ret)
		goto err_disable_clk;

	list_add(&c->node, &r->channels);
	return 0;

err_disable_clk:
	clk_disable_unprepare(r->clk);
err_free_table:
	kfree(c->table);
err_free_channel:
	kfree(c);
	return ret; // ok: missing-release-on-error-path
}

static int radio_managed(struct radio *r)
{
	u32 *table;

	table = devm_kcalloc(r->dev, 64, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;

	r->clk = devm_clk_get_enabled(r->dev, NULL);
	if (IS_ERR(r->clk))
		return PTR_ERR(r->clk); // ok: missing-release-on-error-path
	return radio_identify(r); // ok: missing-release-on-error-path
}

static int radio_scoped(struct radio *r)
{
	u8 *buf __free(kfree) = kmalloc(64, GFP_KERNEL);

	if (!buf)
		return -ENOMEM;
	if (radio_identify(r))
		return -ENODEV; // ok: missing-release-on-error-path
	memcpy_fromio(buf, r->regs, 64);
	return buf[0];
}

static int radio_handed_over(struct radio *r)
{
	struct channel *c;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;

	list_add(&c->node, &r->channels);
	if (radio_identify(r))
		return -ENODEV; // ok: missing-release-on-error-path
	return 0;
}

static int radio_registered(struct radio *r)
{
	struct channel *c;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;

	/* The radio core frees the channel when it refuses it. */
	ret = radio_core_register(c);
	if (ret)
		return ret; // ok: missing-release-on-error-path
	return 0;
}

static int radio_stored(struct radio *r)
{
	r->name = kstrdup("radio", GFP_KERNEL);
	if (!r->name)
		return -ENOMEM;

	if (radio_identify(r))
		return -ENODEV; // ok: missing-release-on-error-path
	return 0;
}

static void radio_channel_free(struct channel *c)
{
	kfree(c->table);
	kfree(c);
}

static int radio_helper(struct radio *r)
{
	struct channel *c;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;

	c->table = kcalloc(64, sizeof(*c->table), GFP_KERNEL);
	if (!c->table || radio_identify(r)) {
		radio_channel_free(c);
		return -ENOMEM; // ok: missing-release-on-error-path
	}

	list_add(&c->node, &r->channels);
	return 0;
}

static struct channel *radio_channel_create(u32 number)
{
	struct channel *c;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return ERR_PTR(-ENOMEM); // ok: missing-release-on-error-path

	c->number = number;
	return c; // ok: missing-release-on-error-path
}

static int radio_either(struct radio *r, bool fast)
{
	u8 stack[16];
	u8 *buf = stack;
	int ret;

	if (!fast) {
		buf = kmalloc(256, GFP_KERNEL);
		if (!buf)
			return -ENOMEM;
	}

	ret = radio_identify(r);
	if (!ret)
		memcpy_fromio(buf, r->regs, 16);
	if (!fast)
		kfree(buf);
	return ret; // ok: missing-release-on-error-path
}

static irqreturn_t radio_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* reset_control_assert() asserts a line, not a condition. */
int radio_bring_up(struct radio *r, struct reset_control *line)
{
	int ret;

	ret = reset_control_deassert(line); // related: missing-release-on-error-path "reset_control_assert() undoes it"
	if (ret)
		return ret; // ok: missing-release-on-error-path

	ret = radio_identify(r);
	if (ret)
		return ret; // warning: missing-release-on-error-path "reset_control_deassert() of `line` is not undone on this error path"

	r->clk = clk_get(r->dev, NULL);
	if (IS_ERR(r->clk)) {
		reset_control_assert(line);
		return PTR_ERR(r->clk); // ok: missing-release-on-error-path
	}
	return 0;
}

int radio_bus_attach(struct device *dev);
void radio_bus_detach(struct device *dev);

/* The interrupt stays requested with data that is freed. */
int radio_irq_first(struct platform_device *pdev, int irq)
{
	struct radio *r;
	int ret;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;

	ret = request_irq(irq, radio_irq, 0, "radio", r); // related: missing-release-on-error-path "free_irq() undoes it"
	if (ret) {
		kfree(r);
		return ret; // ok: missing-release-on-error-path
	}

	ret = radio_exercise(r);
	if (ret) {
		kfree(r);
		return ret; // warning: missing-release-on-error-path "request_irq() of `irq` is not undone on this error path"
	}
	return 0;
}

/* Nobody else knows of it, whatever the function returns. */
void radio_report(struct radio *r, bool brief)
{
	char *text = kasprintf(GFP_KERNEL, "radio %d", r->irq);

	if (!text)
		return; // ok: missing-release-on-error-path
	if (brief)
		return; // warning: missing-release-on-error-path "`text` from kasprintf() is not freed before the function returns here"
	dev_info(r->dev, "%s\n", text);
	kfree(text);
}

static int radio_bind(struct platform_device *pdev)
{
	struct radio *r;
	int ret;

	r = devm_kzalloc(&pdev->dev, sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM; // ok: missing-release-on-error-path
	platform_set_drvdata(pdev, r);

	ret = radio_bus_attach(&pdev->dev); // related: missing-release-on-error-path "called here; radio_bus_detach() undoes it"
	if (ret)
		return ret; // ok: missing-release-on-error-path

	r->name = kstrdup("radio", GFP_KERNEL);
	if (!r->name)
		return -ENOMEM; // warning: missing-release-on-error-path "radio_bus_attach() is not undone on this error path"

	ret = radio_identify(r);
	if (ret)
		goto err_free; // ok: missing-release-on-error-path
	return 0;

err_free:
	kfree(r->name);
	radio_bus_detach(&pdev->dev);
	return ret;
}

static void radio_unbind(struct platform_device *pdev) // warning: missing-release-on-error-path "`r->name`, obtained by kstrdup() in radio_bind(), is not released here: kfree() is missing"
{
	radio_bus_detach(&pdev->dev);
}

static struct platform_driver radio_bus_driver = {
	.probe = radio_bind,
	.remove = radio_unbind,
	.driver = {
		.name = "radio-bus",
	},
};

static int radio_probe(struct platform_device *pdev)
{
	struct radio *r;
	int ret;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;

	r->dev = &pdev->dev;
	INIT_LIST_HEAD(&r->channels);
	r->irq = platform_get_irq(pdev, 0);
	if (r->irq < 0) {
		ret = r->irq;
		goto err_free; // ok: missing-release-on-error-path
	}

	ret = request_irq(r->irq, radio_irq, 0, "radio", r);
	if (ret)
		goto err_free;

	ret = radio_exercise(r);
	if (ret)
		goto err_free_irq;

	platform_set_drvdata(pdev, r);
	return 0;

err_free_irq:
	free_irq(r->irq, r);
err_free:
	kfree(r);
	return ret; // ok: missing-release-on-error-path
}

static void radio_remove(struct platform_device *pdev)
{
	struct radio *r = platform_get_drvdata(pdev);

	free_irq(r->irq, r);
	if (r->clocked)
		clk_disable_unprepare(r->clk);
	clk_put(r->clk);
	kfree(r->name);
	kfree(r);
}

int radio_exercise(struct radio *r)
{
	struct channel *c = radio_channel_create(1);

	if (IS_ERR(c))
		return PTR_ERR(c);
	list_add(&c->node, &r->channels);
	return radio_setup_clock(r) ?: radio_power_on(r) ?: radio_load(r, 64) ?: radio_firmware(r) ?:
	       radio_wrong_label(r) ?: radio_ladder(r) ?: radio_managed(r) ?: radio_scoped(r) ?:
	       radio_handed_over(r) ?: radio_registered(r) ?: radio_stored(r) ?: radio_helper(r) ?:
	       radio_either(r, true);
}

static struct platform_driver radio_driver = {
	.probe = radio_probe,
	.remove = radio_remove,
	.driver = {
		.name = "radio",
	},
};
module_platform_driver(radio_driver);

MODULE_DESCRIPTION("Radio");
MODULE_LICENSE("GPL");

/* What a pointer is compared with is another name of the same thing. */
static int radio_mask(struct radio *r, unsigned long *fixed, unsigned int n)
{
	unsigned long *mask = fixed;
	int ret;

	if (n > 64) {
		mask = bitmap_alloc(n, GFP_KERNEL);
		if (!mask)
			return -ENOMEM;
	}

	ret = radio_apply(r, mask);
	if (mask != fixed)
		bitmap_free(mask);
	if (ret)
		return ret; // ok: missing-release-on-error-path
	return 0;
}

static struct workqueue_struct *radio_wq;

static void radio_cleanup(void)
{
	if (radio_wq)
		destroy_workqueue(radio_wq);
}

/* What the file itself owns is released by any of its functions. */
int radio_start_all(struct radio *r)
{
	radio_wq = alloc_workqueue("radio", 0, 0);
	if (!radio_wq)
		return -ENOMEM;

	if (radio_mask(r, NULL, 128)) {
		radio_cleanup();
		return -ENOMEM; // ok: missing-release-on-error-path
	}
	return 0;
}

struct beacon {
	struct sk_buff *skb;
	u32 *words;
	struct clk *gate;
};

int beacon_fill(struct radio *r, struct sk_buff *skb);
int beacon_tune(struct radio *r);

/* Whoever had the buffer before another path freed it has not kept it. */
int beacon_send(struct radio *r)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	int ret;

	if (!skb)
		return -ENOMEM;
	ret = beacon_fill(r, skb);
	if (ret)
		return ret; // warning: missing-release-on-error-path "`skb` from alloc_skb() is not released on this error path"
	ret = beacon_tune(r);
	kfree_skb(skb);
	return ret;
}

/* Nothing shows that it is not kept. */
int beacon_queue(struct radio *r)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	int ret;

	if (!skb)
		return -ENOMEM;
	ret = beacon_fill(r, skb);
	if (ret) {
		kfree_skb(skb);
		return ret;
	}
	return beacon_tune(r) ? -EIO : 0; // ok: missing-release-on-error-path
}

/* The object that it is stored in is freed without it. */
int beacon_store(struct radio *r)
{
	struct beacon *b = kzalloc(sizeof(*b), GFP_KERNEL);
	u32 *words;

	if (!b)
		return -ENOMEM;
	words = kcalloc(16, sizeof(*words), GFP_KERNEL);
	if (!words) {
		kfree(b);
		return -ENOMEM;
	}
	b->words = words;
	if (radio_identify(r)) {
		kfree(b);
		return -ENODEV; // warning: missing-release-on-error-path "`b->words` from kcalloc() is not freed on this error path"
	}
	kfree(words);
	kfree(b);
	return 0;
}

/* A helper fills a member. */
static int beacon_words(struct beacon *b)
{
	b->words = kcalloc(16, sizeof(*b->words), GFP_KERNEL);
	if (!b->words)
		return -ENOMEM;
	return 0;
}

int beacon_compose(struct radio *r)
{
	struct beacon *b = kzalloc(sizeof(*b), GFP_KERNEL);
	int ret;

	if (!b)
		return -ENOMEM;
	ret = beacon_words(b);
	if (ret)
		goto free;
	ret = radio_identify(r);
	if (ret)
		goto free;
	kfree(b->words);
free:
	kfree(b);
	return ret; // warning: missing-release-on-error-path "`b->words` from kcalloc() in beacon_words() is not freed on this error path"
}

/* A helper switches something on. */
static int mast_power(struct beacon *b)
{
	return clk_prepare_enable(b->gate);
}

static int mast_probe(struct platform_device *pdev)
{
	struct beacon *b = devm_kzalloc(&pdev->dev, sizeof(*b), GFP_KERNEL);
	int ret;

	if (!b)
		return -ENOMEM;
	platform_set_drvdata(pdev, b);
	b->gate = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(b->gate))
		return PTR_ERR(b->gate);
	ret = mast_power(b);
	if (ret)
		return ret;
	ret = device_create_file(&pdev->dev, &dev_attr_mast);
	if (ret)
		return ret; // warning: missing-release-on-error-path "clk_prepare_enable() of `b->gate`, called in mast_power(), is not undone on this error path"
	return 0;
}

static void mast_remove(struct platform_device *pdev)
{
	struct beacon *b = platform_get_drvdata(pdev);

	device_remove_file(&pdev->dev, &dev_attr_mast);
	clk_disable_unprepare(b->gate);
}

static struct platform_driver mast_driver = {
	.probe = mast_probe,
	.remove = mast_remove,
	.driver = {
		.name = "mast",
	},
};

/* Whoever calls a transmit function has given the packet away. */
static netdev_tx_t mast_xmit(struct sk_buff *skb, struct net_device *net)
{
	struct beacon *b = netdev_priv(net);

	if (!b->words)
		return NETDEV_TX_BUSY; // ok: missing-release-on-error-path
	if (!b->gate) {
		net->stats.tx_dropped++;
		return NET_XMIT_DROP; // warning: missing-release-on-error-path "`skb` is not freed before the function returns here"
	}
	skb->dev = net;
	return dev_queue_xmit(skb);
}

static const struct net_device_ops mast_netdev_ops = {
	.ndo_start_xmit = mast_xmit,
};

int mast_setup(struct net_device *net)
{
	net->netdev_ops = &mast_netdev_ops;
	return register_netdev(net);
}

/* Every other way out frees it. */
int mast_message(struct radio *r, struct sk_buff *skb)
{
	int ret;

	ret = beacon_tune(r);
	if (ret)
		return ret; // warning: missing-release-on-error-path "`skb` is not freed before the function returns here: the other ways out free it"
	ret = beacon_fill(r, skb);
	if (ret)
		goto out;
	r->irq++;
out:
	consume_skb(skb);
	return ret;
}

struct rotor *rotor_make(struct radio *r);
void rotor_drop(struct rotor *rotor);
int rotor_turn(struct radio *r);

/* What fails before and after it undoes the same. */
int rotor_init(struct radio *r, int steps)
{
	struct rotor *rotor = rotor_make(r);
	int ret;

	if (IS_ERR(rotor))
		return PTR_ERR(rotor); // ok: missing-release-on-error-path
	ret = radio_identify(r);
	if (ret)
		goto drop;
	while (steps--) {
		ret = rotor_turn(r);
		if (ret)
			return ret; // warning: missing-release-on-error-path "rotor_drop(rotor) is left out here"
	}
	ret = beacon_tune(r);
	if (ret)
		goto drop;
	return 0;

drop:
	rotor_drop(rotor);
	return ret;
}

struct screen {
	struct fb_info info;
	struct v4l2_ctrl_handler controls;
	struct v4l2_ctrl_handler *used;
	char *name;
	struct clk *clk;
};

int screen_clear(struct screen *s);

/* The map itself tells whether there is anything in it. */
int screen_open(struct screen *s)
{
	int ret;

	if (fb_alloc_cmap(&s->info.cmap, 256, 0) < 0)
		return -ENOMEM;
	ret = clk_set_rate(s->clk, 1000);
	if (ret) {
		if (s->info.cmap.len)
			fb_dealloc_cmap(&s->info.cmap);
		return ret; // ok: missing-release-on-error-path
	}
	return 0;
}

/* It is given back through a member that holds its address. */
int screen_control(struct screen *s)
{
	int ret;

	s->used = &s->controls;
	v4l2_ctrl_handler_init(&s->controls, 1);
	ret = s->controls.error;
	if (ret) {
		v4l2_ctrl_handler_free(&s->controls);
		return ret;
	}
	ret = clk_set_rate(s->clk, 2000);
	if (ret) {
		v4l2_ctrl_handler_free(s->used);
		return ret; // ok: missing-release-on-error-path
	}
	return 0;
}

/* Whoever calls it is not seen, and may call screen_off() when it fails. */
int screen_on(struct screen *s)
{
	int ret;

	ret = clk_prepare_enable(s->clk);
	if (ret)
		return ret;
	ret = clk_set_rate(s->clk, 3000);
	if (ret)
		return ret; // ok: missing-release-on-error-path
	return 0;
}

void screen_off(struct screen *s)
{
	clk_disable_unprepare(s->clk);
}

static void screen_forget(void *data)
{
	struct screen *s = data;

	kfree(s->name);
}

/* An action gives it back after the way out. */
static int screen_probe(struct platform_device *pdev)
{
	struct screen *s = devm_kzalloc(&pdev->dev, sizeof(*s), GFP_KERNEL);
	int ret;

	if (!s)
		return -ENOMEM;
	s->name = kstrdup("screen", GFP_KERNEL);
	if (!s->name)
		return -ENOMEM;
	ret = screen_clear(s);
	if (ret) {
		kfree(s->name);
		return ret;
	}
	platform_set_drvdata(pdev, s);
	return devm_add_action_or_reset(&pdev->dev, screen_forget, s);
}

static void screen_remove(struct platform_device *pdev) // ok: missing-release-on-error-path
{
	screen_clear(platform_get_drvdata(pdev));
}

static struct platform_driver screen_driver = {
	.probe = screen_probe,
	.remove = screen_remove,
	.driver = {
		.name = "screen",
	},
};

struct hive {
	struct device *dev;
	struct work_struct work;
	int bees;
};

int hive_open(struct device *dev);
int hive_start(struct device *dev);

static void hive_work(struct work_struct *work)
{
	container_of(work, struct hive, work)->bees++;
}

/* The device and the work only remember where it is. */
int hive_settle(struct device *dev)
{
	struct hive *h = kzalloc(sizeof(*h), GFP_KERNEL); // related: missing-release-on-error-path "kzalloc() obtained it here"
	int ret;

	if (!h)
		return -ENOMEM;
	INIT_WORK(&h->work, hive_work);
	dev_set_drvdata(dev, h);
	ret = hive_open(dev);
	if (ret) {
		kfree(h);
		return ret;
	}
	ret = hive_start(dev);
	if (ret)
		return ret; // warning: missing-release-on-error-path "`h` from kzalloc() is not freed on this error path"
	schedule_work(&h->work);
	return 0;
}

int hive_netdev(struct device *dev)
{
	struct net_device *ndev = alloc_etherdev(0); // related: missing-release-on-error-path "alloc_etherdev() obtained it here"

	if (!ndev)
		return -ENOMEM;
	SET_NETDEV_DEV(ndev, dev);
	if (!dev->of_node)
		return -ENODEV; // warning: missing-release-on-error-path "`ndev` from alloc_etherdev() is not released on this error path"
	return register_netdev(ndev);
}
