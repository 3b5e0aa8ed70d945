using System.Diagnostics;

namespace ImageScan.EndToEnd.Commands;

public sealed class WrongSettingTests
{
    [Theory]
    [InlineData("Scan__ParallelLayers", "0", "scan", "127.0.0.1:1/n")]
    [InlineData("Limits__LayerRatio", "abc", "inventory", "127.0.0.1:1/n")]
    [InlineData("RegistryClient__ConnectTimeout", "0", "serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("Registries__0__Host", "https://r.io", "scan", "127.0.0.1:1/n")]
    [InlineData("Advisories__UseStarterSet", "perhaps", "advisories", "info")]
    public async Task IsNamedInOneLineAndEndsWithTwo(string name, string text, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "imagescan.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [name] = text, ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" },
        };

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith($"Error: {name} is ", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", await output);
        Assert.Equal(2, process.ExitCode);
    }
}
