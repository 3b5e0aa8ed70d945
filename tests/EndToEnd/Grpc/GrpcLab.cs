using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Grpc;

/// <summary>A server that asks for tokens, a registry, and clients made from the proto files, which speak gRPC-Web over HTTP/1.1.</summary>
internal sealed class GrpcLab : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];

    private GrpcLab(TokenServer server, TestRegistry registry)
    {
        Server = server;
        Registry = registry;
    }

    public TokenServer Server { get; }

    public TestRegistry Registry { get; }

    public static async Task<GrpcLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings)
    {
        TestRegistry registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        return new GrpcLab(
            await TokenServer.StartAsync(
                azurite,
                [("Storage:Prefix", ScanApp.NewPrefix()), ("Registries:0:Host", registry.Host), ("Registries:0:Insecure", "true"), .. settings]),
            registry);
    }

    public ImageService.ImageServiceClient Images(GrpcWebMode mode = GrpcWebMode.GrpcWeb) => new(Channel(mode));

    public DetectionService.DetectionServiceClient Detections(GrpcWebMode mode = GrpcWebMode.GrpcWeb) => new(Channel(mode));

    public PingService.PingServiceClient Pings(GrpcWebMode mode = GrpcWebMode.GrpcWeb) => new(Channel(mode));

    /// <summary>The credentials of a caller; none for null.</summary>
    public static Metadata As(string? token) => token is null ? [] : new Metadata { { "Authorization", $"Bearer {token}" } };

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Server.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private GrpcChannel Channel(GrpcWebMode mode)
    {
        var channel = GrpcChannel.ForAddress(
            Server.Address,
            new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()), HttpVersion = System.Net.HttpVersion.Version11, DisposeHttpClient = true });
        _channels.Add(channel);
        return channel;
    }
}
