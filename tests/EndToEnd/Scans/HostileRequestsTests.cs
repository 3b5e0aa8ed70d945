using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using ImageScan.Core.Api;
using ImageScan.Core.Tests;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Whatever an administrator sends is done or refused, and never a failure of ours.</summary>
[Collection(ScanServers.Name)]
public sealed class HostileRequestsTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const int TriesAnOperation = 40;

    // Refusals that StackRox gives no class, so that they are 500 by contract.
    private static readonly string[] Unclassed = ["a scoping query is required", " does not exist in table images or connected tables"];

    private TestRegistry _registry = null!;
    private TokenServer _server = null!;
    private string _image = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> WithBody => [.. Operations.All.Where(operation => operation.Method is "POST" or "PUT" or "PATCH").Select(operation => operation.Name)];

    public static TheoryData<string> WithoutBody => [.. Operations.All.Where(operation => operation.Method is "GET" or "DELETE").Select(operation => operation.Name)];

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _image = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        _server = await TokenServer.StartAsync(azurite, _registry.Host);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task WithAnyBodyAreAnsweredOrRefused(string operation)
    {
        Operation asked = Answered(operation);

        await Sampling.SampleAsync(
            Gen.Select(MadeBodies.For(asked, _image), MadeBodies.Places, MadeBodies.QueryFor(asked)),
            request => AssertDoneOrRefusedAsync(asked, request.Item1, request.Item2, request.Item3),
            TriesAnOperation);
    }

    [Theory]
    [MemberData(nameof(WithoutBody))]
    public async Task WithAnyQueryAreAnsweredOrRefused(string operation)
    {
        Operation asked = Answered(operation);
        await _server.ScanAsync(_image);

        await Sampling.SampleAsync(
            Gen.Select(MadeBodies.Places, MadeBodies.QueryFor(asked)), request => AssertDoneOrRefusedAsync(asked, null, request.Item1, request.Item2), TriesAnOperation);
    }

    // An operation that nobody answers would refuse everything.
    private Operation Answered(string name)
    {
        Operation operation = Operations.All.Single(known => known.Name == name);
        Assert.Contains(_server.Services.GetServices<IApiHandlers>(), area => area.Handlers.ContainsKey(operation));
        return operation;
    }

    private async Task AssertDoneOrRefusedAsync(Operation operation, byte[]? body, string place, string query)
    {
        string path = string.Join('/', operation.Path.Trim('/').Split('/').Select(part => part.StartsWith('{') ? place : part));
        using ByteArrayContent? content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        ApiAnswer answer = await _server.SendAsync(operation.Method, $"/{path}{query}", TokenServer.Admin, content);

        bool isRefusal = (int)answer.Status is >= 400 and < 500
            || (answer.Status == HttpStatusCode.InternalServerError && Unclassed.Any(text => answer.Message.EndsWith(text, StringComparison.Ordinal)));
        Assert.True(answer.Status == HttpStatusCode.OK || isRefusal, $"{(int)answer.Status} {answer.Text} for {operation.Method} /{path}{query}");
        if ((int)answer.Status >= 400 && answer.Text.StartsWith('{'))
        {
            Assert.True(answer.Json.TryGetProperty("error", out _), answer.Text);
        }
    }
}
