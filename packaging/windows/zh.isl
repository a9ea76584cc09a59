; The messages of the installer that a Chinese user meets, in our own words: for releases of Inno Setup that bring no
; Simplified Chinese of their own (see medgui.iss). What is missing here stays English. Read after Default.isl.

[LangOptions]
LanguageName=<7B80><4F53><4E2D><6587>
LanguageID=$0804
LanguageCodePage=0

[Messages]
SetupAppTitle=安装
SetupWindowTitle=安装 - %1
UninstallAppTitle=卸载
UninstallAppFullTitle=卸载 %1
InformationTitle=提示
ConfirmTitle=请确认
ErrorTitle=错误
SetupAppRunningError=%1 正在运行。%n%n请先关闭它的所有窗口，然后点击“确定”继续，或点击“取消”退出安装。
UninstallAppRunningError=%1 正在运行。%n%n请先关闭它的所有窗口，然后点击“确定”继续，或点击“取消”退出卸载。
ExitSetupTitle=退出安装
ExitSetupMessage=安装尚未完成。如果现在退出，程序不会被安装。%n%n可以以后再次运行安装程序。%n%n要退出吗？
ButtonBack=< 上一步(&B)
ButtonNext=下一步(&N) >
ButtonInstall=安装(&I)
ButtonOK=确定
ButtonCancel=取消
ButtonYes=是(&Y)
ButtonNo=否(&N)
ButtonFinish=完成(&F)
ButtonBrowse=浏览(&B)...
ButtonWizardBrowse=浏览(&R)...
SelectLanguageTitle=选择安装语言
SelectLanguageLabel=请选择安装时使用的语言。
ClickNext=点击“下一步”继续，或点击“取消”退出安装。
WizardLicense=许可协议
LicenseLabel=继续之前请阅读以下重要信息。
LicenseLabel3=请阅读以下许可协议。只有接受协议条款才能继续安装。
LicenseAccepted=我接受协议(&A)
LicenseNotAccepted=我不接受协议(&D)
WizardSelectDir=选择安装位置
SelectDirDesc=要将 [name] 安装到哪里？
SelectDirLabel3=[name] 将安装到以下文件夹。
SelectDirBrowseLabel=点击“下一步”继续。要选择其他文件夹，请点击“浏览”。
DiskSpaceMBLabel=至少需要 [mb] MB 可用磁盘空间。
WizardSelectTasks=选择附加任务
SelectTasksDesc=安装时还要做什么？
SelectTasksLabel2=请选择安装 [name] 时要执行的附加任务，然后点击“下一步”。
WizardReady=准备安装
ReadyLabel1=可以开始安装 [name] 了。
ReadyLabel2a=点击“安装”开始安装，或点击“上一步”查看或更改设置。
ReadyLabel2b=点击“安装”开始安装。
ReadyMemoDir=安装位置：
ReadyMemoTasks=附加任务：
WizardInstalling=正在安装
InstallingLabel=正在安装 [name]，请稍候。
FinishedHeadingLabel=[name] 安装完成
FinishedLabelNoIcons=[name] 已安装到这台计算机。
FinishedLabel=[name] 已安装到这台计算机。可以通过开始菜单打开它。
ClickFinish=点击“完成”退出安装。
StatusExtractFiles=正在复制文件...
StatusCreateIcons=正在创建快捷方式...
StatusSavingUninstall=正在保存卸载信息...
StatusRollback=正在撤销更改...
ConfirmUninstall=要移除 %1 及其所有组件吗？
UninstallStatusLabel=正在移除 %1，请稍候。
UninstalledAll=%1 已移除。

[CustomMessages]
AdditionalIcons=快捷方式：
CreateDesktopIcon=在桌面创建快捷方式(&D)
LaunchProgram=运行 %1
