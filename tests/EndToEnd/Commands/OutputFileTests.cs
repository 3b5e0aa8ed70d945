using System.Diagnostics;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Output;

namespace ImageScan.EndToEnd.Commands;

public sealed class OutputFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("output ");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task IsWhatItWasUntilTheResultIsWhole()
    {
        string path = PathOf("report");
        await File.WriteAllTextAsync(path, "before", Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => OutputFile.WriteAsync(path, async stream =>
        {
            await stream.WriteAsync("half"u8.ToArray(), Token);
            throw new InvalidOperationException();
        }));

        Assert.Equal("before", await File.ReadAllTextAsync(path, Token));
        Assert.Single(_folder.GetFiles());
    }

    [Theory]
    [InlineData("before")]
    [InlineData("")]
    public async Task KeepsItsMode(string before)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes of files.");
            return;
        }

        string path = PathOf("report");
        await File.WriteAllTextAsync(path, before, Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        await WriteAsync(path);

        Assert.Equal("whole", await File.ReadAllTextAsync(path, Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IsWrittenWhereALinkLeads(bool isThere)
    {
        string target = PathOf("report");
        FileSystemInfo link = File.CreateSymbolicLink(PathOf("link"), "report");
        if (isThere)
        {
            await File.WriteAllTextAsync(target, "before", Token);
        }

        await WriteAsync(link.FullName);

        Assert.Equal("report", new FileInfo(link.FullName).LinkTarget);
        Assert.Equal("whole", await File.ReadAllTextAsync(target, Token));
    }

    [Fact]
    public async Task IsLeftAPipe()
    {
        OnPath.Require("mkfifo");
        string pipe = PathOf("pipe");
        await RunAsync("mkfifo", pipe);
        using Process reader = Process.Start(new ProcessStartInfo("cat", [pipe]) { RedirectStandardOutput = true })!;
        Task<string> read = reader.StandardOutput.ReadToEndAsync(Token);

        try
        {
            await WriteAsync(pipe);

            Assert.Equal("whole", await read.WaitAsync(TimeSpan.FromSeconds(20), Token));
        }
        finally
        {
            // A pipe that a file has replaced is opened by nobody, and its reader waits for ever.
            reader.Kill();
        }
    }

    // A device of our own, for which the test must be root: a wrong answer would cost the machine its /dev/null.
    [Fact]
    public async Task IsLeftADevice()
    {
        OnPath.Require("mknod");
        string device = PathOf("null");
        Assert.SkipUnless(await RunAsync("mknod", device, "c", "1", "3") == 0, "Only root makes devices.");

        await WriteAsync(device);

        Assert.Equal("", await File.ReadAllTextAsync(device, Token));
        Assert.Single(_folder.GetFiles());
    }

    private static Task WriteAsync(string path) => OutputFile.WriteAsync(path, stream => stream.WriteAsync("whole"u8.ToArray(), Token).AsTask());

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
