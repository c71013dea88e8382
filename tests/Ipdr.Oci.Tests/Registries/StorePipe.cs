using System.IO.Pipelines;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Bytes as a request's body.</summary>
internal static class StorePipe
{
    public static PipeReader Of(byte[] bytes) => PipeReader.Create(new MemoryStream(bytes));
}
