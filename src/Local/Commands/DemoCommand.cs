using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Local.Demo;
using ImageScan.Local.Hosting;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary>What to do when the made image has been scanned.</summary>
internal enum Afterwards
{
    Exit,
    StayOnTerminal,
}

/// <summary>
/// The main job, offline: storage, API and queue worker are started, a made image is served by a registry on loopback, and the API is
/// asked for it over HTTP as any client would.
/// </summary>
internal static class DemoCommand
{
    // A free port for those who do not stay, so that two can run at once.
    private const string PassingUrl = "http://127.0.0.1:0";

    public static Command Create()
    {
        var command = new Command("demo", "Starts everything, scans a made image, and ends.");
        command.SetAction(CommandLine.Guarded((_, cancellationToken) => RunAsync(Afterwards.Exit, cancellationToken)));
        return command;
    }

    public static async Task<int> RunAsync(Afterwards afterwards, CancellationToken cancellationToken)
    {
        bool stays = afterwards == Afterwards.StayOnTerminal && !Console.IsOutputRedirected;
        await using LocalStorage storage = await LocalStorage.OpenAsync(cancellationToken);
        await using LocalServer server = await LocalServer.StartAsync(
            new LocalServerOptions { Urls = stays ? ServeCommand.StandardUrl : PassingUrl, ConnectionString = storage.ConnectionString }, cancellationToken);
        await using LoopbackRegistry registry = await LoopbackRegistry.StartAsync(DemoContent(), cancellationToken);

        string image = $"{registry.Host}/{DemoImage.Repository}:{DemoImage.Tag}";
        Terminal.Say($"A made image, built in memory for this demonstration, is served as {image}");
        Terminal.Say($"POST {server.Address}{Routes.ScanImage} {{\"imageName\":\"{image}\"}}");
        await ScanAsync(server.Address, image, cancellationToken);
        if (stays)
        {
            ServeCommand.Announce(server, storage);
            await server.WaitForShutdownAsync(cancellationToken);
        }

        return CommandLine.Clean;
    }

    private static RegistryContent DemoContent()
    {
        var content = new RegistryContent();
        content.Add(DemoImage.Repository, DemoImage.Tag, DemoImage.Build());
        return content;
    }

    private static async Task ScanAsync(Uri api, string image, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        using HttpResponseMessage answer = await client.PostAsJsonAsync(new Uri(api, Routes.ScanImage), new { imageName = image }, cancellationToken);
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using JsonDocument document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new CommandException($"The API answered {(int)answer.StatusCode}: {document.RootElement.GetProperty("message").GetString()}");
        }

        var scanned = ScannedImage.Of(document.RootElement);
        FindingsTable.Write(scanned with { Rows = FindingOrder.Apply(scanned.Rows, FindingKey.Severity) });
    }
}
