// Commands with good and bad attributes to the family of genetlink.ts, answers, and a message to a group.
import {
  EXPECT_EQ,
  EXPECT_FALSE,
  EXPECT_STREQ,
  EXPECT_TRUE,
  genl_add_string,
  genl_add_u8,
  genl_add_u16,
  genl_add_u32,
  genl_bad_attribute,
  genl_dump,
  genl_error,
  genl_has,
  genl_join,
  genl_receive,
  genl_request,
  genl_send,
  genl_socket,
  genl_string,
  genl_u32,
  insmod,
  rmmod,
  test,
} from "driverlab/scenario";
import { EAGAIN, EBADF, EINVAL, ENOENT, EOPNOTSUPP, ERANGE, ESRCH } from "linux/errno";

const A_NUMBER = 1;
const A_TEXT = 2;
const A_SMALL = 4;
const CMD_ECHO = 1;
const CMD_EVENT = 2;
const CMD_LOOSE = 3;
const CMD_LIST = 4;
const CMD_WORDS = 5;

test("load", () => {
  EXPECT_EQ(insmod(), 0);
});

test("a command is answered", () => {
  const socket = genl_socket();
  for (const version of [1, 2]) {
    EXPECT_EQ(genl_request(socket, "echo", CMD_ECHO, version), 0);
    EXPECT_EQ(genl_add_u32(socket, A_NUMBER, 41), 0);
    EXPECT_EQ(genl_add_string(socket, A_TEXT, "hello"), 0);
    EXPECT_EQ(genl_send(socket), 0);
    EXPECT_EQ(genl_receive(socket, 0), CMD_ECHO);
    EXPECT_EQ(genl_u32(socket, A_NUMBER), 42);
    EXPECT_STREQ(genl_string(socket, A_TEXT), "hello");
    EXPECT_FALSE(genl_has(socket, A_SMALL));
    EXPECT_EQ(genl_receive(socket, 10), -EAGAIN);
  }
  EXPECT_EQ(genl_send(4711), -EBADF);
});

/** Sends one attribute, and gives what the kernel says to it. */
function attempt(cmd: number, type: number, value: number): number {
  const socket = genl_socket();
  genl_request(socket, "echo", cmd);
  genl_add_u32(socket, A_NUMBER, type === A_NUMBER ? value : 1);
  if (type === A_SMALL) genl_add_u8(socket, type, value);
  else if (type !== A_NUMBER) genl_add_u32(socket, type, value);
  return genl_send(socket);
}

test("what does not fit the policy is refused", () => {
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 100), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 101), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 0), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, A_SMALL, 7), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_SMALL, 8), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, 5, 1), -EINVAL);
  EXPECT_EQ(attempt(CMD_LOOSE, 5, 1), 0);
  EXPECT_EQ(attempt(99, A_NUMBER, 1), -EOPNOTSUPP);
  const socket = genl_socket();
  genl_request(socket, "echo", CMD_ECHO);
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_add_u16(socket, A_NUMBER, 1);
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_request(socket, "echo", CMD_ECHO);
  genl_add_string(socket, A_TEXT, "longer than it may be");
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_request(socket, "nobody", CMD_ECHO);
  EXPECT_EQ(genl_send(socket), -ENOENT);
});

test("a dump gives all that there is, piece by piece", () => {
  const socket = genl_socket();
  genl_request(socket, "echo", CMD_LIST);
  EXPECT_EQ(genl_dump(socket), 0);
  for (let number = 1; number <= 5; number++) {
    EXPECT_EQ(genl_receive(socket, 0), CMD_LIST);
    EXPECT_EQ(genl_u32(socket, A_NUMBER), number);
  }
  EXPECT_EQ(genl_receive(socket, 0), -EAGAIN);
  genl_request(socket, "echo", CMD_LIST);
  genl_add_u32(socket, A_NUMBER, 4);
  EXPECT_EQ(genl_dump(socket), 0);
  EXPECT_EQ(genl_receive(socket, 0), CMD_LIST);
  EXPECT_EQ(genl_receive(socket, 0), -EAGAIN);
  genl_request(socket, "echo", CMD_LIST);
  genl_add_u32(socket, A_NUMBER, 95);
  EXPECT_EQ(genl_dump(socket), -EINVAL);
  EXPECT_STREQ(genl_error(socket), "there is no 95");
  EXPECT_EQ(genl_send(socket), -EOPNOTSUPP);
  genl_request(socket, "echo", CMD_ECHO);
  EXPECT_EQ(genl_dump(socket), -EOPNOTSUPP);
});

/** What is said to a command with one number, and the attribute that it is about. */
function said(cmd: number, value: number): string {
  const socket = genl_socket();
  genl_request(socket, "echo", cmd);
  genl_add_u32(socket, A_NUMBER, value);
  genl_send(socket);
  return genl_bad_attribute(socket) === 0 ? genl_error(socket) : `${genl_bad_attribute(socket)} ${genl_error(socket)}`;
}

test("what is wrong is said in words", () => {
  EXPECT_STREQ(said(CMD_WORDS, 1), "plain");
  EXPECT_STREQ(said(CMD_WORDS, 2), "1 of a number");
  EXPECT_STREQ(said(CMD_WORDS, 3), "1 ");
  EXPECT_STREQ(said(CMD_WORDS, 4), "in general");
  EXPECT_STREQ(said(CMD_WORDS, 5), "5 of five");
  EXPECT_STREQ(said(CMD_WORDS, 6), "");
  EXPECT_STREQ(said(CMD_WORDS, 101), "1 integer out of range");
  const socket = genl_socket();
  genl_request(socket, "echo", CMD_ECHO);
  genl_add_u32(socket, 9, 1);
  genl_send(socket);
  EXPECT_STREQ(genl_error(socket), "Unknown attribute type");
  genl_request(socket, "echo", CMD_ECHO);
  genl_add_string(socket, A_TEXT, "longer than it may be");
  genl_send(socket);
  EXPECT_STREQ(genl_error(socket), "Attribute failed policy validation");
  EXPECT_EQ(genl_bad_attribute(socket), A_TEXT);
});

test("a group hears of events", () => {
  const [one, other] = [genl_socket(), genl_socket()];
  genl_request(one, "echo", CMD_EVENT);
  EXPECT_EQ(genl_send(one), -ESRCH);
  EXPECT_EQ(genl_join(other, "echo", "nothing"), -ENOENT);
  EXPECT_EQ(genl_join(other, "echo", "events"), 0);
  EXPECT_EQ(genl_send(one), 0);
  EXPECT_EQ(genl_receive(one, 0), -EAGAIN);
  EXPECT_EQ(genl_receive(other, 0), CMD_EVENT);
  EXPECT_EQ(genl_u32(other, A_NUMBER), 77);
  EXPECT_TRUE(genl_has(other, A_NUMBER));
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 1), -ENOENT);
});
