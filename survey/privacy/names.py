"""Names of persons in texts: found after words that announce them, and before titles."""

import re

_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施洪牛葛"
)
"""Single surnames of about nine in ten people."""
_RARE = (
    "安鲍毕卞卜柴车成池储楚褚崇岑党翟邸刁窦鄂樊房费丰封冯伏符甘耿宫巩古谷关管桂国海杭郝赫衡宏侯胡虎花华宦霍姬嵇吉纪季冀简焦靳"
    "荆景鞠阚柯寇匡况邝蓝郎劳乐冷栗连练凉蔺凌令柳娄楼鲁路栾骆麻满茅梅蒙孟米苗闵明穆宁农那聂倪钮欧区庞裴皮蒲濮朴浦戚祁齐强乔"
    "屈曲瞿权冉饶荣阮芮桑沙单商尚佘申盛师时寿舒司粟隋邰滕佟童涂屠危卫文翁巫邬伍习席冼咸项辛邢胥宣荀鄢言晏燕阳仰尧伊易殷银应"
    "游尤俞虞禹郁喻元岳云臧詹湛占章招植仲祝庄卓宗左"
)
_COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|"
    "宇文|司徒|鲜于|司空|闾丘|令狐|段干|百里|呼延|东郭|南门|微生|左丘|西门|第五|拓跋|轩辕|完颜|叶赫那拉|爱新觉罗|那拉|纳兰"
)
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_NOT_HAN_NOR_COLON = r"[^\u3400-\u4dbf\u4e00-\u9fff:]"
_WIDE = r"[ \u3000]{0,2}"
_SAYS = "反映|表示|来电|致电|投诉|咨询|举报|建议|要求|希望|认为|询问|申请|称|诉|说|您好|你好"
_ENDS = (
    rf"(?=$|{_NOT_HAN_NOR_COLON}|先生|女士|小姐|同志|{_SAYS}|电话|手机|号码|身份证|联系|住址|住在|"
    r"家住|地址|性别|年龄|的)"
)
_NOBODY = (
    r"(?!不详|不愿|不便|不肯|不明|未知|未提供|未留|未透露|没有|保密|匿名|无名|拒绝|隐去|暂无|略|请|填|方式|方便|方面|方法|高度|万一|常年|"
    r"时间|单位|公司|信息|本人|同上|先生|女士|小姐|电话|手机|性别|马上|白天|高兴|高速|金额|程序|范围|余额|常常|万分|江边|田地|\S{1,2}某)"
)
_ANY_SURNAME = rf"(?:(?:{_COMPOUND})|[{_COMMON}{_RARE}])"
_MINORITY = rf"{_HAN}{{1,6}}(?:[·•‧・]{_HAN}{{1,6}}){{1,3}}?{_ENDS}"
_CHINESE = rf"{_ANY_SURNAME}{_WIDE}{_HAN}{{1,2}}{_ENDS}"
_LATIN = r"[A-Z][A-Za-z'’]*(?:[ .·-]{1,2}[A-Z][A-Za-z'’]*){0,3}(?![A-Za-z0-9])"
_QUOTE = r"""["'“”「【\[(]?"""
_IS = rf"{_QUOTE}[ \u3000\t]*[:是为叫][ \u3000\t]*{_QUOTE}"
_WHO = (
    "联系人|联络人|来电人|来访人|投诉人|申诉人|诉求人|举报人|反映人|申请人|当事人|委托人|经办人|负责人|报案人|受害人|户主|机主|车主|业主|收件人|"
    "寄件人|监护人|客户|用户|市民|受访者|受访人|被访者|填表人|答题人"
)
_CALLED = "先生|女士|小姐|同志|太太|大爷|大妈|阿姨|老人家"
_CROWD = (
    "工作人员|话务员|接线员|客服|坐席|值班员|经办人|市民|居民|村民|群众|客户|用户|业主|租户|商户|网友|乘客|患者|家长|消费者|来电人|投诉人|诉求人|联系人|举报人|当事人|负责人|来电|一位|一名|这位|那位|"
    "感谢|叫|找|姓名"
)

NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        # 姓名：…, whatever stands there that may be a name.
        rf"姓名{_IS}{_NOBODY}(?P<name>{_MINORITY}|{_CHINESE}|{_ANY_SURNAME}{_WIDE}{_HAN}{{2,3}}"
        rf"(?=$|{_NOT_HAN_NOR_COLON})|{_HAN}{{2,4}}(?=$|{_NOT_HAN_NOR_COLON})"
        rf"|{_ANY_SURNAME}{_HAN}{{2}}(?!:)|{_LATIN})",
        # 联系人：…, 我叫…: a surname, or a name with a middle dot.
        rf"(?:(?:{_WHO}){_IS}|我叫|名叫|名字叫|名字{_IS}){_NOBODY}"
        rf"(?P<name>{_MINORITY}|{_CHINESE}|{_LATIN})",
        # 市民张先生, 感谢王建国女士; at the start of a clause without a word before it.
        rf"(?:(?:{_CROWD})|^|(?<=[,。;!?、 \u3000\n(“\"]))"
        rf"(?P<name>{_ANY_SURNAME}{_HAN}{{0,2}})(?={_CALLED})",
        # 联系人张伟，市民张伟反映: a common surname, and something after the name that ends it.
        rf"(?:联系人|来电人|投诉人|举报人|诉求人|申请人|户主|机主|车主|市民|客户)[ \u3000]?"
        rf"{_NOBODY}"
        rf"(?P<name>{_MINORITY}|(?:(?:{_COMPOUND})|[{_COMMON}]){_HAN}{{1,2}}"
        rf"(?=$|[^\u4e00-\u9fff:A-Za-z]|{_CALLED}|反映|来电|投诉|咨询|举报|电话|手机|联系电话))",
        r"(?<![A-Za-z])(?:(?<!ile )[Nn]ame|NAME|Caller|Contact|Customer) ?: ?"
        r"(?!Not |No |None|Unknown|Anonymous|Withheld|Refused|NA\b|N/A)"
        rf"(?P<name>{_LATIN}|{_CHINESE})",
    )
)
"""Patterns over texts whose full-width signs were made narrow; the group ``name`` is masked."""
_FIRST = _COMPOUND.replace("|", "")
MAY_NAME = (
    rf"姓名|名字|名叫|我叫|[{_COMMON}{_RARE}{_FIRST}].{{0,3}}(?:{_CALLED})"
    rf"|(?:{_WHO})[\"'“”「【\[(（]?[ \u3000\t]*[:：是为叫{_COMMON}{_FIRST}]"
    r"|[Nn]ame|NAME|Caller|Contact|Customer"
)
"""What a text with a name that `NAMES` would find holds at least (a plain pattern, for speed)."""
