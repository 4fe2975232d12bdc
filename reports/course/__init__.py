"""The course: chapters whose tasks are marked by playing many years. See ARCHITECTURE.md."""
