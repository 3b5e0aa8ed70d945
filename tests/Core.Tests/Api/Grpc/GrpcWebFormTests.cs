using ImageScan.Core.Api.Grpc;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Grpc;

public sealed class GrpcWebFormTests
{
    [Theory]
    [InlineData("application/grpc-web", "", "", "application/grpc-web")]
    [InlineData("application/grpc-web+proto", "", "", "application/grpc-web+proto")]
    [InlineData("Application/gRPC-Web+Proto; charset=utf-8", "*/*", "", "application/grpc-web+proto")]
    [InlineData("application/grpc-web", "application/grpc-web-text", "", "application/grpc-web-text text answer")]
    [InlineData("application/grpc-web-text", "application/grpc-web-text", "", "application/grpc-web-text text request text answer")]
    [InlineData("application/grpc-web-text+proto", "", "", "application/grpc-web-text+proto text request text answer")]
    [InlineData("application/grpc-web-text", "application/grpc-web", "", "application/grpc-web text request")]
    [InlineData("application/grpc", "application/grpc-web", "true", "application/grpc-web")]
    [InlineData("application/grpc", "application/grpc, application/grpc-web", "", "application/grpc-web")]
    [InlineData("application/grpc+proto", "application/grpc-web+proto", "", "application/grpc-web+proto")]
    [InlineData("application/grpc", "", "true", "application/grpc-web")]
    public void IsThatOfTheRequestAndOfWhatItAccepts(string type, string accept, string webOnly, string expected)
    {
        GrpcWebForm? form = GrpcWebForm.Of(RequestOf(type, accept, webOnly));

        Assert.Equal(expected, $"{form!.ContentType}{(form.IsTextRequest ? " text request" : "")}{(form.IsTextAnswer ? " text answer" : "")}");
    }

    [Theory]
    [InlineData("application/grpc", "")]
    [InlineData("application/grpc", "application/grpc")]
    [InlineData("application/grpc+json", "application/grpc-web")]
    [InlineData("application/grpc-web+json", "application/grpc-web")]
    [InlineData("application/grpc-webby", "")]
    [InlineData("application/json", "application/grpc-web")]
    [InlineData("+proto", "")]
    [InlineData("", "")]
    public void IsNoneOfWhatCannotBeAnswered(string type, string accept) => Assert.Null(GrpcWebForm.Of(RequestOf(type, accept, "")));

    private static HttpRequest RequestOf(string type, string accept, string webOnly)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.ContentType = type;
        request.Headers.Accept = accept;
        if (webOnly.Length > 0)
        {
            request.Headers["Grpc-Web-Only"] = webOnly;
        }

        return request;
    }
}
