// fixture: device registers reached through plain C accesses in place of readl() and writel().
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define UNIT_CTRL	0x00
#define UNIT_FIFO	0x40
#define UNIT_FIFO_SIZE	64

/* The registers as a struct, as some drivers lay them out. */
struct unit_regs {
	u32 ctrl;
	u32 status;
	u32 data[4];
};

struct unit {
	void __iomem *base;
	u32 __iomem *words;
	struct unit_regs __iomem *regs;
	struct unit_regs shadow;
	void *ram;
};

int unit_exercise(struct unit *u);

static u32 unit_status(struct unit *u)
{
	return u->regs->status; // warning: iomem-deref "`u->regs` points to device memory: use readl()/writel()"
}

static void unit_enable(struct unit *u)
{
	u->regs->ctrl |= BIT(0); // warning: iomem-deref "`u->regs` points to device memory"
}

static void unit_reset(struct unit *u)
{
	u->words[UNIT_CTRL / 4] = 0; // warning: iomem-deref "`u->words` points to device memory"
}

static void unit_kick(struct unit *u)
{
	u32 __iomem *ctrl = u->base + UNIT_CTRL;

	*ctrl = BIT(1); // warning: iomem-deref "`ctrl` points to device memory"
}

static void unit_poke(struct unit *u)
{
	*(u32 *)(u->base + UNIT_CTRL) = BIT(2); // warning: iomem-deref "`u->base` points to device memory"
}

static int unit_program(struct unit *u, struct device *dev, struct resource *res, const u8 *code, size_t size)
{
	void *window = devm_ioremap_resource(dev, res);

	if (IS_ERR(window))
		return PTR_ERR(window);
	memcpy(window + UNIT_FIFO, code, size); // warning: iomem-deref "`window` points to device memory: use memcpy_fromio(), memcpy_toio() or memset_io() in place of memcpy()"
	return 0;
}

/* Says itself that plain accesses are meant. */
static u32 unit_window(struct unit *u)
{
	u32 *words = (u32 __force *)u->words;

	return words[0] + *(u32 __force *)(u->words + 1); // ok: iomem-deref
}

static u32 unit_status_checked(struct unit *u)
{
	u32 status = readl(&u->regs->status); // ok: iomem-deref

	writel(status, &u->regs->status); // ok: iomem-deref
	return status;
}

static void unit_offsets(struct unit *u)
{
	void __iomem *fifo = u->base + UNIT_FIFO; // ok: iomem-deref
	u32 __iomem *second = &u->words[1]; // ok: iomem-deref

	iowrite32(0, u->base + UNIT_CTRL); // ok: iomem-deref
	iowrite32(ioread32(second), fifo); // ok: iomem-deref
	writel(1, u->words + 1); // ok: iomem-deref
}

static void unit_bulk(struct unit *u, void *buf)
{
	memcpy_fromio(buf, u->base + UNIT_FIFO, UNIT_FIFO_SIZE); // ok: iomem-deref
	memcpy_toio(u->regs->data, buf, sizeof(u->regs->data)); // ok: iomem-deref
	memset_io(u->regs, 0, sizeof(*u->regs)); // ok: iomem-deref
}

static void unit_shadow(struct unit *u)
{
	struct unit_regs *shadow = &u->shadow;

	shadow->ctrl = readl(&u->regs->ctrl); // ok: iomem-deref
	u->shadow.status = 0; // ok: iomem-deref
	if (u->regs) // ok: iomem-deref
		writel(shadow->ctrl, &u->regs->ctrl);
}

/* Memory that the bus treats as RAM: memremap() gives a pointer without __iomem. */
static int unit_ram(struct unit *u, resource_size_t start, size_t size)
{
	u32 *word;

	u->ram = memremap(start, size, MEMREMAP_WB);
	if (!u->ram)
		return -ENOMEM;

	word = u->ram;
	*word = 0; // ok: iomem-deref
	memunmap(u->ram);
	return 0;
}

int unit_exercise(struct unit *u)
{
	u8 buf[UNIT_FIFO_SIZE];

	unit_enable(u);
	unit_reset(u);
	unit_kick(u);
	unit_offsets(u);
	unit_bulk(u, buf);
	unit_shadow(u);
	return unit_status(u) & unit_status_checked(u);
}

static int unit_probe(struct platform_device *pdev)
{
	struct resource *res;
	struct unit *u;

	u = devm_kzalloc(&pdev->dev, sizeof(*u), GFP_KERNEL);
	if (!u)
		return -ENOMEM;

	u->base = devm_platform_get_and_ioremap_resource(pdev, 0, &res);
	if (IS_ERR(u->base))
		return PTR_ERR(u->base);

	u->words = u->base; // ok: iomem-deref
	u->regs = u->base; // ok: iomem-deref
	return unit_ram(u, res->start, resource_size(res)) ?: unit_exercise(u) + unit_window(u);
}

static struct platform_driver unit_driver = {
	.probe = unit_probe,
	.driver = {
		.name = "unit",
	},
};
module_platform_driver(unit_driver);

struct unit_kind {
	struct unit *(*start)(struct unit *u, void __iomem *base);
};

/* What is marked is the parameter. */
struct unit *unit_start(struct unit *u, const struct unit_kind *kind)
{
	if (kind->start)
		u = (*kind->start)(u, u->base); // ok: iomem-deref
	return u;
}

MODULE_DESCRIPTION("Unit");
MODULE_LICENSE("GPL");
