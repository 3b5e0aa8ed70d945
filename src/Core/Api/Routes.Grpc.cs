namespace ImageScan.Core.Api;

// What clients ask in the form of gRPC-Web.
public static partial class Routes
{
}
