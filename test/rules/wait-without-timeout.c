// fixture: a converter that may not answer.
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/notifier.h>
#include <linux/serial_core.h>

#define STATUS 0x04
#define READY BIT(0)

struct adc {
	void __iomem *base;
	struct completion done;
	struct completion told;
	bool stop;
};

static irqreturn_t adc_handler(int irq, void *data)
{
	struct adc *adc = data;

	complete(&adc->done); // related: wait-without-timeout "adc_handler() completes it"
	complete(&adc->told);
	return IRQ_HANDLED;
}

static int adc_setup(struct adc *adc, int irq)
{
	return request_irq(irq, adc_handler, 0, "adc", adc);
}

static void adc_cancel(struct adc *adc)
{
	complete(&adc->told);
}

static void adc_sleep(struct adc *adc)
{
	wait_for_completion(&adc->done); // information: wait-without-timeout "only adc_handler() completes `adc->done`"
	wait_for_completion(&adc->told); // ok: wait-without-timeout
}

static void adc_spin(struct adc *adc)
{
	while (!(readl(adc->base + STATUS) & READY)) // warning: wait-without-timeout "nothing ends this loop when readl(adc->base + STATUS) never changes"
		cpu_relax();
}

static void adc_poll(struct adc *adc)
{
	u32 status;

	do {
		udelay(1);
		status = readl(adc->base + STATUS);
	} while (!(status & READY)); // warning: wait-without-timeout
}

static void adc_halt(struct adc *adc)
{
	writel(0, adc->base);
	while (1) // information: wait-without-timeout "this loop never ends"
		;
}

static int adc_restart(struct notifier_block *nb, unsigned long mode, void *data)
{
	for (;;) // warning: wait-without-timeout "this loop never ends"
		;
}

static int adc_counted(struct adc *adc)
{
	unsigned long end = jiffies + HZ;
	int tries = 100;

	while (!(readl(adc->base + STATUS) & READY) && --tries) // ok: wait-without-timeout
		cpu_relax();
	while (!(readl(adc->base + STATUS) & READY) && time_before(jiffies, end)) // ok: wait-without-timeout
		cpu_relax();
	while (!(readl(adc->base + STATUS) & READY)) { // ok: wait-without-timeout
		if (adc->stop)
			return -EINTR;
	}
	return tries > 0 ? 0 : -ETIMEDOUT;
}

/* A console that has no room left can only wait for it. */
static void adc_putchar(struct uart_port *port, unsigned char c)
{
	while (!(readl(port->membase + STATUS) & READY)) // information: wait-without-timeout
		cpu_relax();
	writel(c, port->membase);
}

void adc_write(struct uart_port *port, const char *text, unsigned int count)
{
	uart_console_write(port, text, count, adc_putchar);
}
