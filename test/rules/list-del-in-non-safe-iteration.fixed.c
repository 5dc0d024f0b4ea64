// fixture: a table of clients that are taken out in every way.
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/slab.h>

struct client {
	struct list_head node;
	struct list_head busy;
	struct hlist_node hash;
	int id;
	bool gone;
};

static LIST_HEAD(clients);
static LIST_HEAD(idle);
static DEFINE_HASHTABLE(table, 4);

static void clients_free(void)
{
	struct client *client, *next;

	list_for_each_entry_safe(client, next, &clients, node) {
		if (!client->gone)
			continue;
		list_del(&client->node);
		kfree(client);
	}
}

static void clients_rest(void)
{
	struct client *client, *next;

	list_for_each_entry_safe_reverse(client, next, &clients, node)
		list_move(&client->node, &idle);
}

static void table_free(int id)
{
	struct client *client;
	struct hlist_node *next;

	hash_for_each_possible_safe(table, client, next, hash, id) {
		if (client->id == id) {
			hash_del(&client->hash);
			kfree(client);
		}
	}
}

static void client_remove(int id)
{
	struct client *client;

	list_for_each_entry(client, &clients, node) {
		if (client->id == id) {
			list_del(&client->node);
			kfree(client);
			break;
		}
	}
}

static int client_idle(int id)
{
	struct client *client;
	int found = 0;

	list_for_each_entry(client, &clients, node) {
		if (client->id == id) {
			list_move_tail(&client->node, &idle);
			found = 1;
		}
		if (found)
			return 0;
	}
	return -ENOENT;
}

static void clients_calm(void)
{
	struct client *client, *next;

	list_for_each_entry(client, &clients, node)
		list_del_init(&client->busy);
	list_for_each_entry_safe(client, next, &clients, node)
		list_del(&client->node);
}

static void clients_restart(void)
{
	struct client *client;

again:
	list_for_each_entry(client, &clients, node) {
		switch (client->id) {
		case 0:
			list_del(&client->node);
			kfree(client);
			goto again;
		default:
			break;
		}
	}
}
