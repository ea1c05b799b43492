"""What programs put on the clipboard for the same kind of table: (text/plain, text/html), each in its own way."""

EXCEL = (
    "名称\t主要实施内容\t资金（万元）\t责任科室\r\n"
    '河道清淤\t"清淤三条河；\n整治岸线"\t1,234.50\t防汛科\r\n泵站改造\t改造五座\t80\t工程科\r\n',
    """<html xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Excel 15">
<style><!--
.xl65
	{mso-number-format:"\\#\\,\\#\\#0\\.00";
	text-align:right;}
.xl66
	{display:none;}
--></style></head><body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=400>
<!--StartFragment-->
 <col width=72 span=4><tr height=20><td height=20 width=72>名称</td><td>主要实施内容</td><td>资金（万元）</td>
  <td>责任科室</td></tr>
 <tr height=20><td height=20>河道清淤</td><td class=xl65 style='white-space:normal'>清淤三条河；<br>
    整治岸线</td><td class=xl65 align=right x:num="1234.5">1,234.50</td><td>防汛科</td></tr>
 <tr height=20><td height=20>泵站改造<font class="xl66">草稿</font></td><td>改造五座</td><td align=right>80</td>
  <td>工程科</td></tr>
 <tr height=0 style='display:none'><td>作废</td><td>不要</td><td>1</td><td></td></tr>
<!--EndFragment-->
</table></body></html>""",
)
"""A head of one's own, amounts in 万元, a column of no field, a hidden row."""

WORD = (
    "任务一\t1.内容一；\r\n2.内容二。\t100000\t目标达到\r\n任务二\t内容\t200000\t目标\r\n",
    """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body>
<!--StartFragment--><table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0>
 <tr style='mso-yfti-irow:0'><td width=138 valign=top><p class=MsoNormal><span lang=ZH-CN>任务一</span><span
  lang=EN-US><o:p></o:p></span></p></td>
  <td width=138><p class=MsoNormal><span lang=EN-US>1.</span><span>内容一；</span></p>
  <p class=MsoNormal><span lang=EN-US>2.</span><span>内容二。</span></p></td>
  <td><p class=MsoNormal><span lang=EN-US>100000</span></p></td><td><p class=MsoNormal>目标
  达到<span style='display:none;mso-hide:all'>隐藏文字</span></p></td></tr>
 <tr style='mso-yfti-irow:1'><td><p class=MsoNormal>任务二</p></td><td><p class=MsoNormal>内容</p></td>
  <td><p class=MsoNormal>200000</p></td><td><p class=MsoNormal><s>旧</s>目标</p></td></tr>
</table><!--EndFragment--></body></html>""",
)
"""Two paragraphs in a cell, which its plain text tears apart."""

LIBREOFFICE = (
    "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训人数\t≥100人\n\t\t巡查次数\t≥3次\n",
    """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<meta name="generator" content="LibreOffice 7.4 (Linux)"/>
<style type="text/css">body,div,table,td,p { font-family:"Liberation Sans" } a.comment-indicator { left:-10px }</style>
</head><body><table cellspacing="0" border="0"><colgroup span="4" width="85"></colgroup>
<tr><td height="17" align="left"><font>一级指标</font></td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td rowspan=2 height="34" align="center" valign=middle><font>产出指标</font></td><td rowspan=2>数量指标</td>
<td>培训人数</td><td align="left">≥100人</td></tr><tr><td>巡查次数</td><td>≥3次</td></tr></table></body></html>""",
)
"""Merged categories, and the one value column of an older form."""

WEB_PAGE = (
    "部门名称\t市水务局",
    """<meta charset='utf-8'><div><table role="presentation"><tbody><tr><td><table><tbody>
<tr><td colspan="2"><div>部门整体预算绩效目标申报表</div></td></tr><tr><td>部门名称</td><td>市水务局</td></tr>
<tr><td>财政供养人员数</td><td>41</td></tr><tr><td>预算整体情况</td><td>预算金额（万元）</td></tr>
<tr><td>总体绩效目标</td><td>保障&nbsp;供水安全</td></tr><tr><td rowspan="2">年度重点工作任务</td><td>名称</td>
<td>主要实施内容</td><td>拟投入的资金（元）</td></tr><tr><td>网上巡查</td><td>巡河</td><td>100</td></tr>
<tr><td rowspan="2">绩效指标</td><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>巡查次数</td><td>≥3次</td></tr></tbody></table></td></tr></tbody></table></div>""",
)
"""A whole form inside a table that only arranges the page."""

WPS = (
    "部门预算支出\t预算金额（万元）\t收入来源\t预算金额（万元）\r\n基本支出\t500\t财政拨款\t700\r\n项目支出\t203\t其他资金\t3\r\n",
    """<html xmlns:et="http://www.wps.cn/et"><head><meta name="Generator" content="WPS Office ET"></head><body>
<table><tr height="19"><td class="et3" height="19" x:str>部门预算支出</td><td>预算金额（万元）</td><td>收入来源</td>
<td>预算金额（万元）</td></tr><tr><td>基本支出</td><td align="right" x:num>500</td><td>财政拨款</td><td>700</td></tr>
<tr><td>项目支出</td><td>203</td><td>其他资金</td><td>3</td></tr></table></body></html>""",
)
"""A part of the budget."""
