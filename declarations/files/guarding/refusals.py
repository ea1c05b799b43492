"""Why a file is refused: one catalogue of codes, messages and what to do about each.

======  ===========================================================================
X01     empty file
X02     larger than 20 MB
X03     a kind of file that nobody recognises
X04     a known kind that holds no table to read (picture, program …)
X05     a spreadsheet in a format that is not read (xlsb, Excel 95 …)
X06     encrypted
X07     with macros
X08     a packed archive where a workbook is expected; rar, 7z; an archive in an archive
X09     damaged: truncated, wrong checksum, ill-formed XML, missing parts
X10     a zip directory that no spreadsheet program writes (paths, duplicates, overlaps)
X11     grows too large when unpacked
X12     a document type declaration in an XML part
X13     XML built to overload (attributes, elements) or in an unknown encoding
X14     content outside the first 20,000 rows and 256 columns
X15     too many cells or sheets, or a text too long for a cell
X16     merged areas too many or too large
X17     no worksheet in it
X18     a Word document of the old kind (.doc, .wps)
X19     text in no encoding that is known, or no text at all
X20     not opened in time
X21     needed more memory than a file may
X22     ended the child process that opened it
X23     could not be read from disk
X26     a Word document with a table within a table
X27     a PDF with a password
X28     a PDF of pictures, without text
X29     a web page whose tables lie in other files
X30     a name in an archive that leads out of it, or is none
X31     two files of one name in an archive
X32     an archive in an archive in an archive
X33     an archive with a password
X34     a PDF without a table with ruled lines
X50     said by the reader: there is no table in the file
X51     another form: of a project, a self-evaluation, a list
======  ===========================================================================
"""

from __future__ import annotations

from declarations.files.guarding.kinds import IN_WORDS
from declarations.sheet.codes import enter_all
from declarations.sheet.problems import Refused

RESAVE = "请用 Excel 或 WPS 打开，选择“另存为”，类型选“Excel 工作簿(*.xlsx)”，再上传新文件。"
REBUILD = "请用 Excel 或 WPS 新建一个工作簿，只把申报表复制进去，另存为 .xlsx 后再上传。"
ASK_AGAIN = "请用 Excel 或 WPS 打开确认文件完好，重新保存后再上传；打不开的，请向提供文件的单位另要一份。"

UPLOAD = f"请上传{IN_WORDS}"
COPY_OUT = f"{UPLOAD}；表格在别的文件里的，请复制到 Excel 或 WPS 表格，另存为 .xlsx 后再上传。"
UNPACK = "请先解压，再上传里面的工作簿；多个工作簿请压缩成一个 .zip，用批量导入。"
TAKE_OUT = "请用 Word 或 WPS 打开，把里层的表格移出来或改成文字，保存后再上传。"
REPACK = "请解压确认各文件完好，重新压缩成 .zip 后再上传；也可以不压缩，直接上传各个文件。"
TRIM = "请删去申报表以外的工作表，以及表格下方、右侧多余的行列，另存为 .xlsx 后再上传。"

CATALOGUE: dict[str, tuple[str, str]] = {
    "X01": ("文件是空的，没有任何内容。", "请确认文件已保存完毕，再上传一次。"),
    "X02": ("文件超过 {limit} MB，不予打开。", "请删去图片和无关的工作表，另存为 .xlsx 后再上传。"),
    "X03": ("无法识别文件的类型。", f"{UPLOAD}。"),
    "X04": ("这是{kind}，不是可以读取的表格。", COPY_OUT),
    "X05": ("这是{kind}，系统不读取这种格式。", RESAVE),
    "X06": ("文件已加密，无法打开。", "请用 Excel 或 WPS 打开，取消打开密码，另存为 .xlsx 后再上传。"),
    "X07": ("文件带有宏，为安全起见不予打开。", RESAVE),
    "X08": ("这是{kind}，不是电子表格。", UNPACK),
    "X09": ("文件已损坏：{reason}。", ASK_AGAIN),
    "X10": ("文件的内部结构异常：{reason}。", REBUILD),
    "X11": ("文件解压后过大（{reason}），不予打开。", TRIM),
    "X12": ("文件内部含有文档类型声明（DTD），为安全起见不予打开。", REBUILD),
    "X13": ("文件的内部结构异常：{reason}。", REBUILD),
    "X14": ("单元格 {cell} 超出可读范围（前 {rows} 行、前 {columns} 列）。", TRIM),
    "X15": ("文件内容过多：{reason}。", TRIM),
    "X16": ("合并单元格异常：{reason}。", "请取消整行、整列的合并，只合并表格以内的单元格，再上传。"),
    "X17": ("文件中没有工作表。", "请确认上传的是含有申报表的工作簿。"),
    "X18": ("这是旧版 Word 文档(.doc)，系统不读取这种格式。", "请用 Word 或 WPS 打开，另存为 .docx 后再上传。"),
    "X19": ("文件不是可读的文本：{reason}。", "请另存为 .xlsx；文本文件请保存为 UTF-8 编码。"),
    "X20": ("文件打开超时（超过 {seconds} 秒），已中止。", REBUILD),
    "X21": ("打开文件所需的内存超出限制，已中止。", REBUILD),
    "X22": ("文件无法打开：打开时程序意外中止。", REBUILD),
    "X23": ("文件无法读取。", "请确认文件存在、未被其他程序占用，并且有读取权限。"),
    "X26": (
        "文档中 {cell} 处的单元格里还套着一张表格，无法判断各栏的位置。",
        "请把里层的表格移出来或改成文字，保存后再上传。",
    ),
    "X27": ("PDF 设有密码或限制打开，无法读取。", "请取消密码后重新导出 PDF，或上传 Excel、Word 文件。"),
    "X28": (
        "这是扫描件或图片做成的 PDF，里面没有文字，无法读取。",
        "请上传 Excel 或 Word 文件；没有的，请用电子表重新填写，或由原来制表的软件导出 PDF。",
    ),
    "X29": (
        "这是网页文件，表格的内容在另外的文件夹里，没有一起上传。",
        RESAVE,
    ),
    "X30": ("压缩包里这个文件的名称指向压缩包以外的位置，或不合规，没有读取。", "请改好文件名，重新压缩后再上传。"),
    "X31": ("压缩包里有两个同名的文件，只读取了第一个。", "请改好文件名，重新压缩后再上传。"),
    "X32": ("压缩包里的压缩包中还有压缩包，只解开一层，没有读取。", "请把最里层的压缩包解压后再上传。"),
    "X33": ("压缩包设有密码，无法打开。", "请解压后不设密码重新压缩，再上传。"),
    "X34": (
        "PDF 中没有带表格线的表格，无法分清各栏。",
        "请上传 Excel 或 Word 文件；只有 PDF 的，可以复制其中的文字，用“粘贴表格文字”导入。",
    ),
    "X51": (
        "这是{kind}，不是部门整体预算绩效目标申报表。",
        "请上传部门整体预算绩效目标申报表；{kind}不在本系统填报，不用上传。",
    ),
}

enter_all({code: message for code, (message, _) in CATALOGUE.items()})


def refusal_of(code: str, **details: object) -> Refused:
    """The refusal ``code`` with its details filled in, to be raised."""
    message, hint = CATALOGUE[code]
    return Refused(code, message.format(**details), hint)


def refuse_damaged(reason: str) -> Refused:
    return refusal_of("X09", reason=reason)


def refuse_suspicious(reason: str) -> Refused:
    return refusal_of("X10", reason=reason)
