using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Grpc;

/// <summary>Decisions about builds over gRPC-Web, held to those of JSON.</summary>
[Collection(StateServers.Name)]
public sealed class GrpcDetectionTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AreThoseOfJsonFieldByField()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        string name = lab.Registry.Push("made/image", "latest", DemoImage.Build());
        ApiAnswer said = await DetectAsync(lab, new { imageName = name }, TokenServer.Scanner);

        BuildDetectionResponse byName = await CallAsync(lab, new BuildDetectionRequest { ImageName = name });
        BuildDetectionResponse byImage = await CallAsync(
            lab, new BuildDetectionRequest { Image = new ContainerImage { Name = new ImageName { FullName = name } } });

        Assert.True(byName.Alerts.Count > 1);
        Assert.Empty(ProtoAgainstJson.Differences(WithoutPasses(byName), Json(said)));
        Assert.Empty(ProtoAgainstJson.Differences(WithoutPasses(byImage), Json(said)));
    }

    [Fact]
    public async Task AreForTheCategoriesThatAreAskedFor()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        string name = lab.Registry.Push("made/image", "latest", DemoImage.Build());

        BuildDetectionResponse all = await CallAsync(lab, new BuildDetectionRequest { ImageName = name });
        string category = all.Alerts[0].Policy.Categories[0];
        BuildDetectionResponse some = await CallAsync(lab, new BuildDetectionRequest { ImageName = name, PolicyCategories = { category } });

        Assert.All(some.Alerts, alert => Assert.Contains(category, alert.Policy.Categories));
        Assert.Equal(all.Alerts.Count(alert => alert.Policy.Categories.Contains(category)), some.Alerts.Count);
    }

    [Fact]
    public async Task AreRefusedWithTheCodeAndTheTextOfJson()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        string missing = $"{lab.Registry.Host}/made/nothing:1";
        (object Json, BuildDetectionRequest Proto)[] requests =
        [
            (new { }, new BuildDetectionRequest()),
            (new { imageName = missing }, new BuildDetectionRequest { ImageName = missing }),
            (new { imageName = missing, force = true, noExternalMetadata = true },
                new BuildDetectionRequest { ImageName = missing, Force = true, NoExternalMetadata = true }),
            (new { imageName = missing, policyCategories = new[] { "none such" } },
                new BuildDetectionRequest { ImageName = missing, PolicyCategories = { "none such" } }),
        ];
        foreach ((object json, BuildDetectionRequest proto) in requests)
        {
            foreach (string? token in (string?[])[null, TokenServer.Reader, TokenServer.Scanner])
            {
                ApiAnswer said = await DetectAsync(lab, json, token);

                RpcException refusal = await Assert.ThrowsAsync<RpcException>(
                    async () => await lab.Detections().DetectBuildTimeAsync(proto, GrpcLab.As(token), cancellationToken: Token));

                Assert.Equal((said.Json.GetProperty("code").GetInt32(), said.Message), ((int)refusal.StatusCode, refusal.Status.Detail));
            }
        }
    }

    private static Task<ApiAnswer> DetectAsync(GrpcLab lab, object json, string? token) =>
        lab.Server.SendAsync("POST", "/v1/detect/build", token, new StringContent(JsonSerializer.Serialize(json)));

    private static async Task<BuildDetectionResponse> CallAsync(GrpcLab lab, BuildDetectionRequest request) =>
        await lab.Detections().DetectBuildTimeAsync(request, GrpcLab.As(TokenServer.Scanner), cancellationToken: Token);

    // Each answer has its own: an alert's id and its times are made anew.
    private static BuildDetectionResponse WithoutPasses(BuildDetectionResponse response)
    {
        BuildDetectionResponse same = response.Clone();
        foreach (Alert alert in same.Alerts)
        {
            alert.Id = "";
            alert.Time = null;
            alert.FirstOccurred = null;
        }

        return same;
    }

    private static JsonElement Json(ApiAnswer answer)
    {
        JsonNode response = JsonNode.Parse(answer.Json.GetRawText())!;
        foreach (JsonNode? alert in response["alerts"]!.AsArray())
        {
            alert!["id"] = "";
            alert["time"] = null;
            alert["firstOccurred"] = null;
        }

        return JsonSerializer.SerializeToElement(response);
    }
}
