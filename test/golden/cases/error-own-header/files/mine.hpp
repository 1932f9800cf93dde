struct NotOne {};
