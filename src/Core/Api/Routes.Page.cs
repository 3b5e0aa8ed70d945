namespace ImageScan.Core.Api;

// The page for people, and what it alone asks.
public static partial class Routes
{
    // The host makes the function's name of "" (v4.1037.0, src/WebJobs.Script.WebHost/WebScriptHostHttpRoutesManager.cs of
    // https://github.com/Azure/azure-functions-host), and the worker "//" of "/", which is no pattern
    // (extensions/Worker.Extensions.Http.AspNetCore/src/AspNetMiddleware/FunctionsEndpointDataSource.cs of
    // https://github.com/Azure/azure-functions-dotnet-worker). A parameter that is optional and has no room for a letter is the root and
    // nothing else (https://github.com/Azure/Azure-Functions/issues/2473).

    /// <summary>The root of the site.</summary>
    public const string Page = "{ignored:maxlength(0)?}";

    /// <summary>A part of the page. Modules ask for each other beside themselves, so a version in the path goes for all of them.</summary>
    public const string PageAsset = "assets/{version}/{asset}";

    public const string GetImageHistory = "v1/images/{id}/history";
}
