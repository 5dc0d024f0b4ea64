// fixture: the unit, with its registers reached through the accessors.
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
	return readl(&u->regs->status);
}

static void unit_enable(struct unit *u)
{
	writel(readl(&u->regs->ctrl) | BIT(0), &u->regs->ctrl);
}

static void unit_reset(struct unit *u)
{
	writel(0, &u->words[UNIT_CTRL / 4]);
}

static void unit_kick(struct unit *u)
{
	u32 __iomem *ctrl = u->base + UNIT_CTRL;

	writel(BIT(1), ctrl);
}

static int unit_program(struct unit *u, struct device *dev, struct resource *res, const u8 *code, size_t size)
{
	void __iomem *window = devm_ioremap_resource(dev, res);

	if (IS_ERR(window))
		return PTR_ERR(window);
	memcpy_toio(window + UNIT_FIFO, code, size);
	return 0;
}

/* Says itself that plain accesses are meant. */
static u32 unit_window(struct unit *u)
{
	u32 *words = (u32 __force *)u->words;

	return words[0]; // ok: iomem-deref
}

static u32 unit_status_checked(struct unit *u)
{
	u32 status = readl(&u->regs->status);

	writel(status, &u->regs->status);
	return status;
}

static void unit_offsets(struct unit *u)
{
	void __iomem *fifo = u->base + UNIT_FIFO;
	u32 __iomem *second = &u->words[1];

	iowrite32(0, u->base + UNIT_CTRL);
	iowrite32(ioread32(second), fifo);
	writel(1, u->words + 1);
}

static void unit_bulk(struct unit *u, void *buf)
{
	memcpy_fromio(buf, u->base + UNIT_FIFO, UNIT_FIFO_SIZE);
	memcpy_toio(u->regs->data, buf, sizeof(u->regs->data));
	memset_io(u->regs, 0, sizeof(*u->regs));
}

static void unit_shadow(struct unit *u)
{
	struct unit_regs *shadow = &u->shadow;

	shadow->ctrl = readl(&u->regs->ctrl);
	u->shadow.status = 0;
	if (u->regs)
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
	*word = 0;
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

	u->words = u->base;
	u->regs = u->base;
	return unit_ram(u, res->start, resource_size(res)) ?: unit_exercise(u) + unit_window(u);
}

static struct platform_driver unit_driver = {
	.probe = unit_probe,
	.driver = {
		.name = "unit",
	},
};
module_platform_driver(unit_driver);

MODULE_DESCRIPTION("Unit");
MODULE_LICENSE("GPL");
