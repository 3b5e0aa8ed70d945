namespace ImageScan.Core.Api;

// The page for people, and what it alone asks.
public static partial class Routes
{
    /// <summary>
    /// The root of the site. "" and "/" would not do under Functions: of the first the host makes the function's name
    /// (https://github.com/Azure/azure-functions-host/blob/v4.1037.0/src/WebJobs.Script.WebHost/WebScriptHostHttpRoutesManager.cs), of the second the worker "//",
    /// which is no pattern
    /// (https://github.com/Azure/azure-functions-dotnet-worker/blob/main/extensions/Worker.Extensions.Http.AspNetCore/src/AspNetMiddleware/FunctionsEndpointDataSource.cs).
    /// A parameter that is optional and has no room for a letter is the root and nothing else (https://github.com/Azure/Azure-Functions/issues/2473).
    /// </summary>
    public const string Page = "{ignored:maxlength(0)?}";

    public const string PageAsset = "assets/{asset}";
    public const string GetImageHistory = "v1/images/{id}/history";
}
