using ImageScan.Local.Commands;

namespace ImageScan.EndToEnd.Commands;

public sealed class CommandLineTests
{
    // 1 would say that the image does not pass.
    [Fact]
    public async Task WantOfMemoryEndsWithTwo()
    {
        var command = CommandLine.Guarded((_, _) => Task.FromException<int>(new InsufficientMemoryException()));

        Assert.Equal(2, await command(CommandLine.Create().Parse([]), TestContext.Current.CancellationToken));
    }
}
