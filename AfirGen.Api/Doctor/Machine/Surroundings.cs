namespace AfirGen.Api.Doctor.Machine;

/// <summary>What the machine says of itself. Tests replace what they cannot have: a network file system, a clock that nothing sets.</summary>
/// <param name="FileSystemOf">Throws <see cref="IOException"/> for a path that is not there.</param>
internal sealed record Surroundings(Func<string, MountedFileSystem> FileSystemOf, Func<ClockState> Clock, bool InContainer)
{
    public static Surroundings Real { get; } =
        new(FileSystems.Of, KernelClock.Read, Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true");
}
