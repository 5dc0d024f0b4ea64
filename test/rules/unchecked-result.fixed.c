// fixture: the meter, with every result tested before it is used.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

struct meter {
	struct device *dev;
	struct list_head samples;
	struct class *class;
	struct clk *clk;
	void __iomem *regs;
	unsigned long rate;
	u8 *buf;
	u32 *table;
};

struct sample {
	struct list_head node;
	u32 value;
	u8 raw[16];
};

struct meter *meter_create(struct device *dev);
int meter_exercise(struct meter *m);

struct meter *meter_create(struct device *dev)
{
	struct meter *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;

	m->dev = dev;
	INIT_LIST_HEAD(&m->samples);
	return m;
}

static int meter_reserve(struct meter *m, size_t count)
{
	m->table = kcalloc(count, sizeof(*m->table), GFP_KERNEL);
	if (!m->table)
		return -ENOMEM;

	m->table[0] = 1;
	return 0;
}

static void meter_snapshot(struct meter *m, const void *from)
{
	u8 *copy = kmalloc(16, GFP_KERNEL);

	if (!copy)
		return;

	memcpy(copy, from, 16);
	kfree(m->buf);
	m->buf = copy;
}

static int meter_window(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	if (!res)
		return -ENODEV;

	return res->end > res->start ? 0 : -EINVAL;
}

static int meter_class(struct meter *m)
{
	m->class = class_create("meter");
	if (IS_ERR(m->class))
		return PTR_ERR(m->class);

	m->class->pm = NULL;
	return 0;
}

static void meter_wrong_order(struct meter *m)
{
	struct sample *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return;

	s->value = 0;
	list_add(&s->node, &m->samples);
}

static int meter_one_of_two(struct meter *m)
{
	struct sample *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct sample *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!a || !b)
		goto err_free;
	a->value = 1;
	b->value = 2;
	list_add(&a->node, &m->samples);
	list_add(&b->node, &m->samples);
	return 0;

err_free:
	kfree(a);
	kfree(b);
	return -ENOMEM;
}

static int meter_add(struct meter *m, u32 value)
{
	struct sample *s;

	s = kmalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;

	s->value = value;
	list_add_tail(&s->node, &m->samples);
	return 0;
}

static int meter_add_pair(struct meter *m)
{
	struct sample *a, *b;

	a = kzalloc(sizeof(*a), GFP_KERNEL);
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!a || !b)
		goto err_free;

	a->value = 1;
	b->value = 2;
	list_add_tail(&a->node, &m->samples);
	list_add_tail(&b->node, &m->samples);
	return 0;

err_free:
	kfree(a);
	kfree(b);
	return -ENOMEM;
}

static int meter_map(struct meter *m, struct platform_device *pdev)
{
	struct resource *res;

	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	m->regs = devm_ioremap_resource(&pdev->dev, res);
	if (IS_ERR(m->regs))
		return PTR_ERR(m->regs);

	m->rate = readl(m->regs);
	return 0;
}

static int meter_clock_checked(struct meter *m)
{
	m->clk = devm_clk_get_optional(m->dev, "bus");
	if (IS_ERR(m->clk))
		return PTR_ERR(m->clk);

	return clk_prepare_enable(m->clk);
}

static struct sample *meter_sample_alloc(void)
{
	return kzalloc(sizeof(struct sample), GFP_KERNEL);
}

static int meter_short_circuit(struct meter *m)
{
	struct sample *s = meter_sample_alloc();
	struct sample *must = kmalloc(sizeof(*must), GFP_KERNEL | __GFP_NOFAIL);
	u32 value = s ? s->value : 0;

	must->value = value;
	list_add(&must->node, &m->samples);
	if (s && s->value == value)
		value++;
	kfree(s);
	return value;
}

static int meter_in_condition(struct meter *m)
{
	u8 *buf;

	if (WARN_ON(!(buf = kmalloc(16, GFP_KERNEL))))
		return -ENOMEM;
	memset(buf, 0, 16);
	kfree(m->buf);
	m->buf = buf;
	return 0;
}

static int meter_size(struct meter *m)
{
	struct sample *s = kmalloc(sizeof(*s), GFP_KERNEL);
	int size = sizeof(*s) + ARRAY_SIZE(s->raw);

	if (unlikely(s == NULL))
		return -ENOMEM;
	memset(s->raw, 0, sizeof(s->raw));
	list_add(&s->node, &m->samples);
	return size;
}

static int meter_retry(struct meter *m)
{
	u8 *buf = NULL;
	int ret = 0;

	while (!buf)
		buf = kmalloc(16, GFP_KERNEL);
	buf[0] = 0;
	swap(m->buf, buf);
	kfree(buf);

	buf = kstrdup("meter", GFP_KERNEL);
	if (!buf)
		ret = -ENOMEM;
	if (ret)
		return ret;
	buf[0] = 'M';
	kfree(buf);
	return 0;
}

int meter_exercise(struct meter *m)
{
	struct platform_device *pdev = to_platform_device(m->dev);

	meter_snapshot(m, "0123456789abcde");
	meter_wrong_order(m);
	return meter_reserve(m, 8) ?: meter_window(pdev) ?: meter_class(m) ?:
	       meter_one_of_two(m) ?: meter_add(m, 1) ?: meter_add_pair(m) ?: meter_map(m, pdev) ?:
	       meter_clock_checked(m) ?: meter_short_circuit(m) ?: meter_in_condition(m) ?:
	       meter_size(m) ?: meter_retry(m);
}

static int meter_send(struct meter *m)
{
	return m->dev ? 0 : -ENODEV;
}

/* The first error is overwritten, the last one is not looked at. */
int meter_start(struct meter *m)
{
	int ret;

	ret = meter_send(m);
	if (ret)
		return ret;
	ret = meter_class(m);
	if (ret)
		return ret;

	return meter_send(m);
}

/* Looked at on one of the paths only. */
int meter_kick(struct meter *m, bool wait)
{
	int ret;

	ret = meter_send(m);
	if (!wait)
		return 0;
	return ret;
}

/* devm_ioremap_resource() refuses NULL, so that its result tells. */
int meter_linear(struct platform_device *pdev, resource_size_t *size)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 1);
	void __iomem *regs = devm_ioremap_resource(&pdev->dev, res);

	if (IS_ERR(regs))
		return PTR_ERR(regs);
	*size = resource_size(res);
	return 0;
}

MODULE_DESCRIPTION("Meter");
MODULE_LICENSE("GPL");
