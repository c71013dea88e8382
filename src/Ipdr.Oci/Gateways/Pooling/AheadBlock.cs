using System.Buffers;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>A block that is fetched before it is asked for.</summary>
/// <param name="Task">Gives the block.</param>
/// <param name="Bytes">What it counts against the bound.</param>
/// <param name="Run">The run that it is a part of; null for one that is fetched by itself.</param>
internal sealed record AheadBlock(Task<IMemoryOwner<byte>?> Task, int Bytes, FileRun? Run = null);
