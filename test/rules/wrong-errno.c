// fixture: errors on their way to the caller, and where they get lost.
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

/* The common exit undoes what was done, and says that all is well. */
int loom_init(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	ret = loom_thread(l); // related: wrong-errno "loom_thread() called here"
	if (ret)
		goto err_power;
	ret = loom_thread(l);
	if (ret)
		goto err_power;
	return 0;

err_power:
	loom_power_off(l);
	return 0; // warning: wrong-errno "loom_thread() failed, and loom_init() returns 0 as if it had not"
}

/* The variable still holds the success of what came before. */
int loom_load(struct loom *l, size_t len)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto err;

	l->warp = kzalloc(len, GFP_KERNEL);
	if (!l->warp) // warning: wrong-errno "kzalloc() failed, and loom_load() returns 0 as if it had not"
		goto err;

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
		return 0; // warning: wrong-errno "clk_enable() failed, and loom_rate() returns 0"

	l->mode = clk_get_rate(l->clk) > 1000;
	clk_disable(l->clk);
	return 0;
}

int loom_find_phy(struct loom *l)
{
	l->phy = devm_phy_get(l->dev, "warp");
	if (IS_ERR(l->phy))
		return -PTR_ERR(l->phy); // warning: wrong-errno "`-PTR_ERR(l->phy)` is positive here, and loom_find_phy() returns negative errnos"

	l->warp = kzalloc(16, GFP_KERNEL);
	if (!l->warp)
		return PTR_ERR(l->warp); // warning: wrong-errno "`l->warp` is no error pointer here"
	if (l->mode > 7)
		return -EINVAL;
	return 0;
}

/* The second one failed, and the error of the first is returned. */
int loom_choose(struct loom *l)
{
	struct phy *warp, *weft;

	warp = devm_phy_get(l->dev, "warp");
	if (IS_ERR(warp))
		return PTR_ERR(warp); // ok: wrong-errno
	weft = devm_phy_get(l->dev, "weft");
	if (IS_ERR(weft))
		return PTR_ERR(warp); // warning: wrong-errno "`warp` is no error pointer here: PTR_ERR() of it is no errno"
	l->phy = warp;
	l->backup = weft;
	return 0;
}

int loom_set_mode(struct loom *l, u32 mode)
{
	if (mode > 9)
		return EINVAL; // warning: wrong-errno "`EINVAL` is positive here"
	if (!l->warp)
		return -ENODEV;
	l->mode = mode;
	return 0;
}

bool loom_is_ready(struct loom *l)
{
	if (!l->warp)
		return -ENODEV; // warning: wrong-errno "loom_is_ready() returns bool, of which a negative errno is no value"
	return l->mode != 0;
}

int loom_irq(struct platform_device *pdev, struct loom *l)
{
	unsigned int ret;

	l->irq = platform_get_irq(pdev, 0);
	if (l->irq < 0) // ok: wrong-errno
		return l->irq;

	ret = loom_power(l);
	if (ret < 0) // warning: wrong-errno "`ret` is unsigned and never below 0: the error of loom_power() is not seen"
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
		ret = -EBUSY; // warning: wrong-errno "`ret` is set here and never read"
	return 0;
}

/* Nothing to do is no failure, and the exit is for both. */
int loom_weave(struct loom *l, int rows)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto out;
	if (rows == 0) // ok: wrong-errno
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
		return 0; // ok: wrong-errno
	}
	loom_power_off(l);
	return 0;
}

/* The clock may be missing. */
int loom_clock(struct loom *l)
{
	int ret = loom_thread(l);

	if (ret)
		return 0; // ok: wrong-errno
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
		return ret; // warning: wrong-errno "kmalloc() failed, and loom_spare() returns 0 as if it had not"
	return 0;
}

int loom_beam(struct loom *l)
{
	l->warp = kmalloc(32, GFP_KERNEL);
	if (!l->warp)
		return -1; // hint: wrong-errno "-1 is -EPERM: kmalloc() failed for want of memory"
	return 0;
}

MODULE_LICENSE("GPL");
