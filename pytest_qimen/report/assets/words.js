"use strict";
// What the page says, in both languages: key -> [zh, en]. A word that is missing is shown as its key.
const WORDS = {
  brand: ["奇门一致性报告", "Qimen conformance"],
  overview: ["结论", "Verdict"], matrix: ["矩阵", "Matrix"], requirements: ["要求", "Requirements"],
  cases: ["用例", "Cases"], latency: ["耗时", "Latency"], untested: ["未测试", "Not tested"],
  search: ["搜索用例  /", "Search cases  /"], searchRequirements: ["搜索要求", "Search requirements"], ofLevel: ["级别", "level"], language: ["English", "中文"],
  theme: ["主题", "Theme"], auto: ["跟随系统", "as the system"], light: ["浅色", "light"], dark: ["深色", "dark"],
  pass: ["通过", "pass"], fail: ["失败", "fail"], warn: ["警告", "warn"], info: ["记录", "info"],
  blocked: ["受阻", "blocked"], unsupported: ["排除", "unsupported"], waived: ["豁免", "waived"],
  stale: ["过期豁免", "stale"], error: ["错误", "error"], none: ["无用例", "no case"],
  must: ["必须", "must"], should: ["应当", "should"], may: ["可选", "may"],
  wms: ["仓储 WMS", "WMS"], erp: ["ERP", "ERP"], store: ["门店", "store"], wdk: ["WDK", "WDK"],
  target: ["目标", "target"], suite: ["套件", "suite"], seed: ["单号前缀", "key prefix"], started: ["开始", "started"], alsoShort: ["另有", "also"], also: ["个用例已在前面的原因中计数", "cases are counted for a cause above"],
  duration: ["用时", "took"], requests: ["请求数", "requests"], level: ["判红级别", "red from"], run: ["范围", "scope"],
  everything: ["全部", "everything"], unfinished: ["中断，未结束", "broke off"],
  forgiven: ["警告", "Warnings"], forgivenHelp: ["本次判红级别之下", "below the level from which this run is red"],
  causes: ["原因", "Causes"], causesHelp: ["影响最大的在前；受其阻碍的用例折叠在下", "most consequential first, what they kept from being tested folded below"],
  nothing: ["没有不合格的用例。", "Nothing is red."], example: ["例如", "for example"], affected: ["出现此问题的用例", "cases that show it"],
  dependants: ["因此未能测试", "could not be tested because of it"], all: ["全部", "all"], byRole: ["按角色", "By role"],
  role: ["角色", "role"], method: ["方法", "method"],
  family: ["类别", "family"], status: ["状态", "status"], requirement: ["要求", "requirement"], clause: ["出处", "clause"],
  sentence: ["内容", "sentence"], place: ["文档与章节", "document, section"], result: ["结果", "result"],
  onlyTrouble: ["只看有问题的", "only with problems"], anyMethod: ["所有方法", "every method"],
  anyFamily: ["所有类别", "every family"], anyLevel: ["所有级别", "every level"], anyRole: ["所有角色", "every role"],
  clear: ["清除筛选", "clear filters"], noMatch: ["没有符合的用例。", "No case matches."],
  expected: ["期望", "expected"], actual: ["实际", "actual"], at: ["位置", "at"], step: ["第几个请求", "request"],
  findings: ["发现", "Findings"], again: ["重现", "Do it again"], copy: ["复制", "copy"], copied: ["已复制", "copied"],
  exchange: ["报文", "Exchange"], request: ["请求", "request"], answer: ["应答", "answer"], pretty: ["格式化", "pretty"], raw: ["原文", "raw"],
  close: ["关闭 (Esc)", "close (Esc)"], link: ["复制链接", "copy link"], cut: ["此处截断，全长", "cut here, whole length"],
  bytes: ["字节", "bytes"], evidence: ["证据", "evidence"], wire: ["调用本身", "the calls themselves"], driver: ["驱动程序的报告", "the driver's report"], attested: ["人的确认", "the word of a person"],
  noEvidence: ["通过的用例不保存报文；用上面的命令可以重发。", "What passes keeps no messages; the command above sends them again."],
  noRoom: ["报文在 events.jsonl 中，未收入本文件。", "Its messages are in events.jsonl; this file had no room for them."],
  notUtf8: ["不是 UTF-8，以转义字节显示", "not UTF-8, bytes escaped"], empty: ["（空）", "(empty)"],
  latencyHelp: ["每行一个方法，对数刻度；色深表示请求多少，竖线为中位数，圆点为 95 分位。点击查看用例。", "A row a method, on a log scale: the darker the more requests; bar median, dot 95th centile. Click for its cases."],
  median: ["中位数", "median"], centile: ["95 分位", "95th"], longest: ["最长", "longest"], count: ["请求数", "requests"],
  byTime: ["按耗时排序", "slowest first"], matrixHelp: ["方法 × 要求类别；符号与颜色同义，数字为该状态的用例数。点击查看用例。", "Method × requirement family: sign and colour say the same, the number counts the cases of that status. Click for them."],
  requirementsHelp: ["文档的每一条要求、出处、测试它的用例及结果。", "Every sentence the documents ask for, where it stands, the cases that test it, how they ended."],
  anyResult: ["所有结果", "every result"], notRun: ["本次未运行", "not part of this run"],
  untestedHelp: ["结论未涵盖的内容及原因。", "What the verdict does not cover, and why."],
  blockedTitle: ["受阻：前置用例没有通过", "Blocked: what they need did not pass"], untestedTitle: ["未测试：目标声明会发送，但没有出现", "Not tested: the target claims it, and it never came"], errorTitle: ["错误：网络、驱动程序或套件，不归咎于被测方", "Errors: the network, a driver or the suite, not the other side"],
  unsupportedTitle: ["排除：目标文件写明不测", "Unsupported: the target's profile says so"], waivedTitle: ["豁免：已知失败", "Waived: known failures"],
  leftTitle: ["本次未选的方法", "Methods that this run left out"], requirementTitle: ["没有用例的要求", "Requirements without a case"],
  brokeOff: ["运行中断：未运行的用例不在本报告中。请再运行一次。", "The run broke off: cases that did not run are missing from this report. Run it again."],
  allTested: ["所有内容都已测试。", "Everything was tested."], old: ["浏览器太旧，无法打开数据。", "This browser is too old to unpack the data."],
  unknownCase: ["本报告没有这个用例：", "This report has no such case: "], broken: ["无法读取本报告的数据：", "The report's data cannot be read: "],
  keys: ["/ 搜索 · ↑↓ 选择 · Enter 打开 · Esc 返回 · ? 快捷键", "/ search · ↑↓ select · Enter open · Esc back · ? keys"],
  absent: ["此元素缺失", "is absent"],
  keysTitle: ["快捷键", "Keys"], keyHelp: ["显示快捷键", "show these keys"], keySearch: ["搜索用例", "search cases"], keyMove: ["上一个、下一个用例", "the case above, below"],
  keyPage: ["上翻、下翻", "a page up, down"], keyOpen: ["打开用例", "open the case"], keyBack: ["返回或关闭", "back, or close"],
  next: ["下一步", "What comes next"],
  nextWhole: ["本次只选了部分方法（见“范围”）：去掉方法的限制再运行一次。证书不接受用命令行缩小的运行。", "This run chose some methods (see scope): run once more without that choice. A run that the command line narrowed gets no certificate."],
  nextEmbedded: ["本次测试的是内置端点。请用 --qimen-url 或目标文件指定自己的端点。", "This was the embedded endpoint. Name your own with --qimen-url or a target file."],
  nextCertificate: ["生成证书，它写明测试了什么。DIR 是本报告所在的目录；缺少什么时命令会逐条说明：", "Make the certificate: it says what was tested. DIR is the folder of this report; if something is missing, the command says what:"],
  appendix: ["不合格的用例", "What is red"],
};
const FAMILIES = {
  smoke: ["连通", "smoke"], accept: ["接受合法", "accepts legal"], need: ["必填", "needed"], length: ["长度", "length"],
  type: ["类型", "type"], format: ["格式", "format"], digits: ["小数位", "digits"], codes: ["枚举", "codes"], list: ["列表", "list"],
  limit: ["上限", "limit"], order: ["顺序", "order"], "open-content": ["扩展", "open content"], rule: ["规则", "rules"],
  case: ["专例", "written"], answer: ["应答", "answer"], signature: ["签名", "signature"], parameters: ["参数", "parameters"],
  encoding: ["编码", "encoding"], parsing: ["解析", "parsing"], attacks: ["攻击", "attacks"], delivery: ["发送方式", "delivery"], flow: ["流程", "flows"],
  roundtrip: ["存取", "round trip"], paging: ["分页", "paging"], batch: ["批量", "batches"], idempotency: ["幂等", "idempotency"],
  property: ["性质", "properties"], reflected: ["回显", "reflected"], fuzz: ["模糊", "fuzz"],
};
const SIGNS = { pass: "✓", fail: "✗", warn: "!", info: "i", blocked: "⊘", untested: "○", unsupported: "–", waived: "~", stale: "↺", error: "?", none: "·" };

let language = "en";
const pick = (pair, fallback = "") => (pair ? pair[language === "zh" ? 0 : 1] : fallback);
const say = (key) => pick(WORDS[key], key);
/** A sentence of a finding or a cause, in Chinese where the report has it; data stay as they are. */
const told = (text) => (language === "zh" && Object.hasOwn(run.said ?? {}, text) ? run.said[text] : text);
const familyName = (name) => pick(FAMILIES[name], name);
const checkName = (check) => pick(run.checks[check], check);
const number = (value) => value.toLocaleString("en-US");
