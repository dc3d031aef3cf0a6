// What only the live page says: key -> [zh, en].
Object.assign(WORDS, {
  live: ["奇门实时页面", "Qimen live"], calls: ["调用", "Calls"], methods: ["方法", "Methods"], tasks: ["现在要做什么", "What to do now"],
  cases: ["用例", "Cases"], follows: ["正在跟踪", "following"], lost: ["连接中断，正在重试", "connection lost, trying again"], over: ["已结束", "ended"],
  searchLive: ["筛选：单号、方法、内容  /", "Filter: key, method, text  /"], search: ["筛选", "Filter"],
  listensAt: ["监听地址", "listens at"], asks: ["被测端点", "endpoint under test"], came: ["次调用", "calls came"], casesCame: ["个用例已结束", "cases have ended"],
  lag: ["次已应答、待评判", "answered, still to be judged"], newest: ["最新在上；只显示最近", "newest first; only the last"], shown: ["条", "are shown"],
  waitsCaller: ["还没有调用。请让系统把请求发送到", "No call came yet. Let your system send to"], waitsEndpoint: ["还没有用例结束。", "No case has ended yet."],
  anyVerdict: ["所有结论", "every verdict"],
  gone: ["较早的报文已不在内存中：本页面只保留最近的报文。--report 目录中的报告保存问题的证据。", "The messages of this older one are no longer in memory: the page keeps the latest. A report (--report DIR) keeps the evidence of what is wrong."],
  methodsHelpCaller: ["调用方声明会发送的每个接口：来了多少次、如何评判、出现过多少字段。从未出现的接口是“未测试”，不会是绿色。", "Each method that the caller claims to send: how many calls came, how they were judged, how many of its fields came with a value. A method that never came is not tested, never green."],
  methodsHelpEndpoint: ["每个接口已结束的用例，按结论。", "The cases of each method that have ended, by verdict."],
  number: ["次数", "count"], fieldsCame: ["出现过的字段", "fields that came"], never: ["从未出现", "never came"], judgedAs: ["评判", "judged"],
  missingFields: ["从未出现的字段", "fields that never came"], noneMissing: ["每个字段都出现过。", "Every field came."], onlyMissing: ["只看缺少的", "only what is missing"], allCame: ["没有缺少的接口。", "No method is missing."],
  unknownMethod: ["文档中没有的接口", "not in the documents"],
  conformant: ["符合规范", "conformant"], "non-conformant": ["不符合规范", "non-conformant"], incomplete: ["未完成", "incomplete"],
  curlHelp: ["命令中的 sign、session 和密钥已隐去：重发前请重新签名（qimen sign）。", "sign, session and secrets are hidden in this command: sign it anew before you send it (qimen sign)."],
});
