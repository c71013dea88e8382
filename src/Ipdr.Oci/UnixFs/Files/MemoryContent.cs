namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The content of a small document.</summary>
internal sealed class MemoryContent(string name, ReadOnlyMemory<byte> bytes) : FileContent
{
    public override string Name => name;

    public override ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        bytes.Slice((int)offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
