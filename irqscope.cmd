@echo off
rem Runs the command line out of a clone or a distribution: irqscope VERB [options].
rem
rem In a clone the first use builds what is missing. It never rebuilds: who changes sources runs mvnw.cmd package.
rem In a distribution (jars in lib) the first use makes an archive of class data, where that can be written.
rem IRQSCOPE_JAVA_OPTIONS is handed to the JVM. No blocks in parentheses around paths: "Program Files (x86)" ends them.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "cli=%root%java-client\cli\target"
set "lib=%cli%\lib"
if exist "%root%lib" set "cli=%root%lib"
if exist "%root%lib" set "lib=%root%lib"
set "log=%root%target\first-use.log"

rem ---- Which Java ----------------------------------------------------------------------------------------------
if not defined JAVA_HOME goto findJava
set "home=%JAVA_HOME%"
set "java=%JAVA_HOME%\bin\java.exe"
if exist "%java%" goto haveJava
>&2 echo irqscope: JAVA_HOME is "%JAVA_HOME%", but there is no bin\java.exe in it; set it to a JDK 17 or later, or unset it
exit /b 7

:findJava
set "java="
for %%j in (java.exe) do set "java=%%~$PATH:j"
if defined java goto haveHome
>&2 echo irqscope: Java 17 or later is needed, and no java.exe is on the PATH; install a JDK or set JAVA_HOME
exit /b 7

:haveHome
for %%j in ("%java%") do set "home=%%~dpj.."

:haveJava
rem The version stands in a file of every JDK: reading it is far cheaper than asking the JVM.
set "version="
if not exist "%home%\release" goto askVersion
for /f "usebackq tokens=1,2 delims==" %%a in ("%home%\release") do if "%%a"=="JAVA_VERSION" set "version=%%~b"
:askVersion
if defined version goto haveVersion
"%java%" -version 2>"%TEMP%\irqscope-java.txt"
for /f "usebackq tokens=2,3" %%a in ("%TEMP%\irqscope-java.txt") do if "%%a"=="version" set "version=%%~b"
del "%TEMP%\irqscope-java.txt"
:haveVersion
set "feature=0"
for /f "delims=.-+_ " %%v in ("%version%") do set "feature=%%v"
if %feature% GEQ 17 goto findJars
>&2 echo irqscope: Java 17 or later is needed; "%java%" is "%version%". Set JAVA_HOME to a newer one
exit /b 7

rem ---- What is built -------------------------------------------------------------------------------------------
:findJars
call :jars
if defined path_ goto start
if not "%cli%"=="%lib%" goto mayBuild
>&2 echo irqscope: a jar is missing in "%lib%"; unpack the distribution again
exit /b 7
:mayBuild
if exist "%home%\bin\javac.exe" goto build
>&2 echo irqscope: the first use builds irqscope, which needs a JDK; "%home%" has no javac
exit /b 7

:build
>&2 echo irqscope: first use: building driver, simulated kernel and client (once; target\first-use.log)
if not exist "%root%target" mkdir "%root%target"
pushd "%root%"
call mvnw.cmd -q -B -Dirqscope.native=sim -DskipTests -Dmaven.test.skip=true -pl java-client/cli -am package >"%log%" 2>&1 <nul
set "status=%ERRORLEVEL%"
popd
if not "%status%"=="0" goto buildFailed
call :jars
if defined path_ goto start
:buildFailed
>&2 echo irqscope: the build failed; "%log%":
>&2 type "%log%"
exit /b 7

rem Sets path_ to the class path; empty when a jar is missing.
:jars
set "path_="
set "jar="
if not exist "%lib%\irqscope-sim-*.jar" exit /b
if not exist "%lib%\jna-*.jar" exit /b
pushd "%cli%"
for %%f in (irqscope-cli-*.jar) do set "jar=%%f"
popd
if defined jar set "path_=%cli%\%jar%;%lib%\*"
exit /b

rem ---- Start ---------------------------------------------------------------------------------------------------
:start
rem What works through millions of events is worth the thorough compiler. The collector is the one that needs least memory,
rem but for short runs on a Java whose archive has the modules ready for another one only. Before Java 24 nobody asks for
rem the flag for native access, and it costs Java 17 the archived modules. Java 25's archive has linked what it holds.
set "compiler=-XX:TieredStopAtLevel=1"
set "collector=-XX:+UseSerialGC"
set "native="
set "make=-XX:ArchiveClassesAtExit"
set "use=-XX:SharedArchiveFile"
set "quiet=-Xlog:disable -Xlog:all=error:stderr -Xlog:cds*=off:stderr"
if %feature% LSS 24 set "collector=-XX:+UseG1GC"
if %feature% GEQ 24 set "native=--enable-native-access=ALL-UNNAMED"
if %feature% GEQ 25 set "make=-XX:AOTCacheOutput"
if %feature% GEQ 25 set "use=-XX:AOTCache"
if %feature% GEQ 25 set "quiet=%quiet% -Xlog:aot*=off:stderr"
for %%v in (record replay report compare watch) do if "%~1"=="%%v" set "compiler=-XX:+TieredCompilation"
for %%v in (record replay report compare watch) do if "%~1"=="%%v" set "collector=-XX:+UseSerialGC"
set "flags=%compiler% %collector% -XX:-UsePerfData -Xmx192m %native%"
if not "%cli%"=="%lib%" goto run

rem An archive of class data serves one JVM, and jars that stay where they are: a file beside it tells for which place it
rem was made, or could not be. It lies with the jars, or else in the user's folder, and only saves time. Java does not
rem archive from a class path with a star, so the jars are named.
set "path_="
pushd "%lib%"
for %%f in (*.jar) do call :addJar "%lib%\%%f"
popd
set "archive=%lib%\irqscope-%version%.jsa"
mkdir "%lib%\writable" 2>nul
if exist "%lib%\writable" goto haveFolder
if not defined LOCALAPPDATA goto run
if not exist "%LOCALAPPDATA%\irqscope" mkdir "%LOCALAPPDATA%\irqscope" 2>nul
set "archive=%LOCALAPPDATA%\irqscope\irqscope-%version%.jsa"
:haveFolder
rmdir "%lib%\writable" 2>nul
set "place="
if exist "%archive%.place" set /p place=<"%archive%.place"
if "%place%"=="%lib%" goto haveArchive
>&2 echo irqscope: first use: making an archive of class data (once; "%archive%")
"%java%" %flags% "%make%=%archive%" -Xlog:disable -cp "%path_%" io.github.irqscope.cli.Rehearsal >nul 2>&1 <nul
>"%archive%.place" echo %lib%
:haveArchive
if not exist "%archive%" goto run
set "flags=%flags% %quiet%"
"%java%" %flags% "%use%=%archive%" %IRQSCOPE_JAVA_OPTIONS% -cp "%path_%" io.github.irqscope.cli.Main %*
exit /b %ERRORLEVEL%

:addJar
if defined path_ set "path_=%path_%;%~1"
if not defined path_ set "path_=%~1"
exit /b

:run
"%java%" %flags% %IRQSCOPE_JAVA_OPTIONS% -cp "%path_%" io.github.irqscope.cli.Main %*
exit /b %ERRORLEVEL%
