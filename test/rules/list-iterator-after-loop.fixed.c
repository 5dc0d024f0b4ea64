// fixture: channels that are looked up, with and without success.
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/printk.h>

struct channel {
	struct list_head node;
	struct list_head *owner;
	int id;
	int rate;
};

static int channel_rate(struct list_head *channels, int id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node) {
		if (channel->id == id)
			return channel->rate;
	}
	return -ENOENT;
}

static void channel_insert(struct list_head *channels, struct channel *new)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		if (channel->id > new->id)
			break;
	list_add_tail(&new->node, &channel->node);
}

static int channel_flagged(struct list_head *channels, int id)
{
	struct channel *channel;
	bool found = false;

	list_for_each_entry(channel, channels, node) {
		if (channel->id == id) {
			found = true;
			break;
		}
	}
	if (!found)
		return -ENOENT;
	return channel->rate;
}

static int channel_head(struct list_head *channels, int id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		if (channel->id == id)
			break;
	if (list_entry_is_head(channel, channels, node))
		return -ENOENT;
	return channel->rate;
}

static int channel_first(struct list_head *channels)
{
	struct channel *channel;

	if (list_empty(channels))
		return -ENOENT;
	list_for_each_entry(channel, channels, node)
		break;
	return channel->rate;
}

static int channel_again(struct list_head *channels)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		pr_info("channel %d\n", channel->id);
	channel = list_first_entry(channels, struct channel, node);
	return channel->rate;
}
