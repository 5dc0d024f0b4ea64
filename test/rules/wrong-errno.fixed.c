// fixture: the loom, whose callers get every error.
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/phy/phy.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct loom {
	struct device *dev;
	struct clk *clk;
	struct phy *phy;
	struct phy *backup;
	void *warp;
	int irq;
	u32 mode;
};

int loom_init(struct loom *l);
int loom_load(struct loom *l, size_t len);
int loom_rate(struct loom *l);
int loom_find_phy(struct loom *l);
int loom_choose(struct loom *l);
int loom_set_mode(struct loom *l, u32 mode);
bool loom_is_ready(struct loom *l);
int loom_irq(struct platform_device *pdev, struct loom *l);
int loom_tighten(struct loom *l);
int loom_weave(struct loom *l, int rows);
int loom_clean(struct loom *l);
int loom_clock(struct loom *l);
int loom_spare(struct loom *l);
int loom_beam(struct loom *l);

static int loom_power(struct loom *l)
{
	if (l->mode > 3)
		return -EINVAL;
	return 0;
}

static int loom_thread(struct loom *l)
{
	return l->mode == 2 ? -EIO : 0;
}

static void loom_power_off(struct loom *l)
{
	l->mode = 0;
}

int loom_init(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	ret = loom_thread(l);
	if (ret)
		goto err_power;
	ret = loom_thread(l);
	if (ret)
		goto err_power;
	return 0;

err_power:
	loom_power_off(l);
	return ret;
}

int loom_load(struct loom *l, size_t len)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto err;

	l->warp = kzalloc(len, GFP_KERNEL);
	if (!l->warp) {
		ret = -ENOMEM;
		goto err;
	}

	ret = loom_thread(l);
	if (ret)
		goto err;
	return 0;

err:
	dev_err(l->dev, "not loaded\n");
	return ret;
}

int loom_rate(struct loom *l)
{
	int ret;

	ret = clk_enable(l->clk);
	if (ret)
		return ret;

	l->mode = clk_get_rate(l->clk) > 1000;
	clk_disable(l->clk);
	return 0;
}

int loom_find_phy(struct loom *l)
{
	l->phy = devm_phy_get(l->dev, "warp");
	if (IS_ERR(l->phy))
		return PTR_ERR(l->phy);

	l->warp = kzalloc(16, GFP_KERNEL);
	if (!l->warp)
		return -ENOMEM;
	if (l->mode > 7)
		return -EINVAL;
	return 0;
}

int loom_choose(struct loom *l)
{
	struct phy *warp, *weft;

	warp = devm_phy_get(l->dev, "warp");
	if (IS_ERR(warp))
		return PTR_ERR(warp);
	weft = devm_phy_get(l->dev, "weft");
	if (IS_ERR(weft))
		return PTR_ERR(weft);
	l->phy = warp;
	l->backup = weft;
	return 0;
}

int loom_set_mode(struct loom *l, u32 mode)
{
	if (mode > 9)
		return -EINVAL;
	if (!l->warp)
		return -ENODEV;
	l->mode = mode;
	return 0;
}

bool loom_is_ready(struct loom *l)
{
	return l->warp && l->mode != 0;
}

int loom_irq(struct platform_device *pdev, struct loom *l)
{
	int ret;

	l->irq = platform_get_irq(pdev, 0);
	if (l->irq < 0)
		return l->irq;

	ret = loom_power(l);
	if (ret < 0)
		return ret;
	return 0;
}

int loom_tighten(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret < 0)
		return ret;
	if (l->mode == 1)
		return -EBUSY;
	return 0;
}

/* Nothing to do is no failure, and the exit is for both. */
int loom_weave(struct loom *l, int rows)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto out;
	if (rows == 0)
		goto out;
	ret = loom_thread(l);
out:
	loom_power_off(l);
	return ret;
}

/* Whoever takes things down goes on. */
int loom_clean(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret) {
		dev_err(l->dev, "no power: %d\n", ret);
		return 0;
	}
	loom_power_off(l);
	return 0;
}

/* The clock may be missing. */
int loom_clock(struct loom *l)
{
	int ret = loom_thread(l);

	if (ret)
		return 0;
	return loom_power(l);
}

int loom_spare(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	l->warp = kmalloc(32, GFP_KERNEL);
	if (!l->warp)
		return -ENOMEM;
	return 0;
}

int loom_beam(struct loom *l)
{
	l->warp = kmalloc(32, GFP_KERNEL);
	if (!l->warp)
		return -ENOMEM;
	return 0;
}

int loom_register(struct platform_device *pdev);

static int loom_probe(struct platform_device *pdev)
{
	if (!pdev->dev.of_node)
		return -ENODEV;
	return loom_register(pdev);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe,
	.driver = {
		.name = "loom",
	},
};
module_platform_driver(loom_driver);

MODULE_LICENSE("GPL");
