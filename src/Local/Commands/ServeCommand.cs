using System.CommandLine;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Local.Hosting;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan serve</c>: the API and the queue worker on this machine.</summary>
internal static class ServeCommand
{
    /// <summary>The port of Functions Core Tools.</summary>
    public const string StandardUrl = "http://127.0.0.1:7071";

    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => StandardUrl };
        urls.Validators.Add(result =>
        {
            foreach (string url in (result.GetValueOrDefault<string>() ?? "").Split(';'))
            {
                if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttp)
                {
                    result.AddError($"--urls must be http://HOST:PORT, several joined by ';', not '{url}'. For https put a proxy before it.");
                }
            }
        });
        var dockerConfig = new Option<bool>("--use-docker-config")
        {
            Description = "Let callers read private registries with the credentials of ~/.docker/config.json.",
        };
        var requireToken = new Option<bool>("--require-token")
        {
            Description = "Ask for a token on loopback, too: a proxy on this machine passes on what others send.",
        };
        var command = new Command("serve", "Serves the API and works off the queue.") { urls, dockerConfig, requireToken };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            await using LocalStorage storage = await LocalStorage.OpenAsync(cancellationToken);
            await using LocalServer server = await LocalServer.StartAsync(
                new LocalServerOptions
                {
                    Urls = arguments.GetValue(urls)!,
                    ConnectionString = storage.ConnectionString,
                    Credentials = arguments.GetValue(dockerConfig) ? CredentialSource.DockerConfig : CredentialSource.SettingsOnly,
                    LoopbackAccess = arguments.GetValue(requireToken) ? AccessMode.Tokens : AccessMode.Loopback,
                },
                cancellationToken);
            Announce(server, storage);
            await server.WaitForShutdownAsync(cancellationToken);
            return CommandLine.Clean;
        }));
        return command;
    }

    /// <summary>Says what runs where, and one line to try it with.</summary>
    public static void Announce(LocalServer server, LocalStorage storage)
    {
        string token = server.NeedsToken ? " -H 'Authorization: Bearer TOKEN'" : "";
        Terminal.Say($"API      {server.Address} (and the worker of the queue){(server.NeedsToken ? ", tokens needed: Access__Tokens__0__Hash" : "")}");
        Terminal.Say($"Storage  {storage.Description}");
        Terminal.Say($"Try      curl -s {server.Address}{Routes.ScanImage}{token} -d '{{\"imageName\":\"docker.io/library/alpine:3.20\"}}'");
        Terminal.Say("Ctrl+C ends it.");
    }
}
